//! Months as written: a month of the calendar, and the multipliers of the year.

use jiff::civil::Date;

use crate::scenario::catalogue::MONTHS;
use crate::scenario::key::{Bounds, nearest};
use crate::scenario::names::join;
use crate::scenario::node::{Node, Value};
use crate::scenario::quantity::{Complaint, Reader, Unit};

/// The first day of a written month: of the month that holds a date, or of "2018-11".
pub fn month(node: &Node) -> Option<Date> {
    if let Some(date) = node.as_date() {
        return Some(date.first_of_month());
    }
    match &node.value {
        Value::Text(text) => {
            let (year, month) = text.split_once('-')?;
            Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
        }
        _ => None,
    }
}

/// Short names of the months, as keys.
pub fn short_months() -> impl Iterator<Item = String> {
    MONTHS.iter().map(|m| m[..3].to_lowercase())
}

/// Multipliers from January to December: a table by month, others 1, or a list of twelve.
pub fn multipliers(
    reader: Reader<'_>,
    node: &Node,
    path: &str,
    complaints: &mut Vec<Complaint>,
) -> Option<[f64; 12]> {
    let bounds = Bounds {
        low: 0.0,
        above: false,
        high: 100.0,
        unit: "",
    };
    let before = complaints.len();
    let mut season = [1.0; 12];
    match &node.value {
        Value::List(list) if list.len() == 12 => {
            for (at, item) in list.iter().enumerate() {
                let inner = format!("{path}[{}]", at + 1);
                let read = reader.number(item, Unit::Pure, &bounds, &inner, complaints);
                season[at] = read.unwrap_or(1.0);
            }
        }
        Value::Table(table) => {
            for entry in &table.entries {
                let at = short_months().position(|m| m == entry.key);
                let inner = join(path, &entry.key);
                let read = reader.number(&entry.node, Unit::Pure, &bounds, &inner, complaints);
                match at {
                    Some(at) => season[at] = read.unwrap_or(1.0),
                    None => {
                        let names: Vec<String> = short_months().collect();
                        let near = nearest(&entry.key, names.iter().map(String::as_str));
                        complaints.push(Complaint {
                            span: entry.key_span,
                            what: format!("`{}` is not a month here", entry.key),
                            remedy: match near {
                                Some(right) => format!("did you mean `{right}`?"),
                                None => format!("the months are {}", names.join(", ")),
                            },
                        });
                    }
                }
            }
        }
        _ => complaints.push(Complaint {
            span: node.span,
            what: "a season must be a table of months or a list of twelve numbers".to_owned(),
            remedy: "write season = { jul = 1.05, aug = 0.83 }, or all twelve from January"
                .to_owned(),
        }),
    }
    if complaints.len() == before && season.iter().all(|m| *m == 0.0) {
        complaints.push(Complaint {
            span: node.span,
            what: "all months of this season are 0".to_owned(),
            remedy: "for no referrals write families_per_month = 0".to_owned(),
        });
    }
    (complaints.len() == before).then_some(season)
}
