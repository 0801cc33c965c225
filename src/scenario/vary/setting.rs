//! A key of a scenario, and what it is set to.

use crate::scenario::node::Table;
use crate::scenario::problem::{Problem, SourceFile, Span, error};
use crate::scenario::vary::amend::put;
use crate::scenario::vary::amount::Amount;
use crate::scenario::vary::place::{Lever, lever};

/// A key, and what it is set to.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The key, as in `limit.value` or `posts.social worker.count`.
    pub key: String,
    /// The amount.
    pub amount: Amount,
}

/// Sets numbers in a tree.
///
/// A count of posts that several groups make up is their total, shared out as it was, the largest remainders
/// first and the earlier group where they are equal. Where posts are counted anew and the file says how many are
/// `filled`, that follows in proportion unless it is set itself.
///
/// * `tree` - a tree with every short form [spelled out](crate::scenario::vary::place::spelled)
/// * `source` - index that the settings will have among the files read
/// * returns - the settings as a file, so that a problem can point into it
pub fn set(
    tree: &mut Table,
    settings: &[Setting],
    source: usize,
    problems: &mut Vec<Problem>,
) -> SourceFile {
    let mut text = String::new();
    let mut found: Vec<(Lever, &Setting, Span)> = Vec::new();
    for setting in settings {
        let begin = text.len();
        let amount = setting.amount.to_string();
        text.push_str(&format!("{} = {amount}", setting.key));
        let end = text.len();
        text.push('\n');
        let span = |begin| Span { source, begin, end };
        match lever(tree, &setting.key) {
            Ok(lever) => found.push((lever, setting, span(end - amount.len()))),
            Err((what, remedy)) => problems.push(error(&setting.key, span(begin), what, remedy)),
        }
    }
    // Posts first: how many are filled follows from them, and may be set after.
    found.sort_by_key(|(lever, ..)| !lever.counts_posts());
    for (lever, setting, span) in found {
        if let Err((what, remedy)) = put(tree, &lever, &setting.amount, span) {
            problems.push(error(&setting.key, span, what, remedy));
        }
    }
    SourceFile::new("the settings", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_a_number_a_time_or_a_factor() {
        assert_eq!(Amount::parse(" 16 "), Ok(Amount::To(16.0)));
        assert_eq!(Amount::parse("x0.8"), Ok(Amount::Times(0.8)));
        assert_eq!(
            Amount::parse("8 days"),
            Ok(Amount::Time("8 days".to_owned()))
        );
        for wrong in ["", "many", "x", "x-1", "NaN", "inf", "days 8", "1,5"] {
            assert!(Amount::parse(wrong).is_err(), "{wrong}");
        }
        for text in ["16", "0.1", "x0.8", "8 days"] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), text);
        }
    }
}
