//! Where the numbers of a run stand.

use jiff::civil::Date;

use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::metric::layout::{Group, Layout};
use crate::output::csv::sheet::{Row, Sheet};
use crate::output::kept::problem::Trouble;
use crate::output::manifest::Manifest;

/// Stands for a month where a row speaks of the whole horizon.
pub(super) const HORIZON: &str = "horizon";

/// Where the numbers of a run stand, as its own tables tell it.
pub(super) struct Frame {
    pub(super) policies: Vec<String>,
    pub(super) months: Vec<Date>,
    /// Stages, teams, grades.
    pub(super) names: [Vec<String>; 3],
    pub(super) layout: Layout,
}

impl Frame {
    pub(super) fn of(manifest: &Manifest, monthly: &Sheet) -> Result<Frame, Trouble> {
        let mut months: Vec<Date> = Vec::new();
        let mut names: [Vec<String>; 3] = Default::default();
        for row in monthly.rows() {
            let text = row.text("month_end")?;
            let month = text
                .parse::<Date>()
                .map_err(|_| row.wrong(format!("month_end is no date: {text:?}")))?;
            if months.last() != Some(&month) && !months.contains(&month) {
                months.push(month);
            }
            for (names, column) in names.iter_mut().zip(["stage", "team", "grade"]) {
                let name = row.text(column)?;
                if !name.is_empty() && !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
        }
        let [stages, teams, grades] = [0, 1, 2].map(|kind: usize| names[kind].len());
        Ok(Frame {
            policies: manifest.run.policies.clone(),
            layout: Layout::new(months.len(), teams, stages, grades),
            months,
            names,
        })
    }

    pub(super) fn policy(&self, row: &Row<'_>) -> Result<usize, Trouble> {
        let name = row.text("policy")?;
        let at = self.policies.iter().position(|policy| policy == name);
        at.ok_or_else(|| {
            row.wrong(format!("there is no policy {name:?} in this run"))
                .into()
        })
    }

    pub(super) fn row(&self, row: &Row<'_>) -> Result<usize, Trouble> {
        let text = row.text("month_end")?;
        if text == HORIZON {
            return Ok(self.layout.horizon_row());
        }
        let month = text.parse::<Date>().ok();
        let at = month.and_then(|month| self.months.iter().position(|known| *known == month));
        at.ok_or_else(|| {
            row.wrong(format!("there is no month that ends on {text:?}"))
                .into()
        })
    }

    /// Metric and place of a row of a record; nothing where this version measures it of nobody.
    pub(super) fn at(
        &self,
        row: &Row<'_>,
        line: usize,
    ) -> Result<Option<(Metric, usize)>, Trouble> {
        let key = row.text("metric")?;
        let Some(definition) = CATALOGUE.iter().find(|d| d.key == key) else {
            return Err(row.wrong(format!("there is no metric {key:?}")).into());
        };
        let mut group = Group::Service;
        for (kind, column) in ["stage", "team", "grade"].into_iter().enumerate() {
            let name = row.text(column)?;
            if let Some(at) = self.names[kind].iter().position(|known| known == name) {
                group = match kind {
                    0 => Group::Stage(at),
                    1 => Group::Team(at),
                    _ => Group::Grade(at),
                };
            }
        }
        let at = self.layout.index(line, definition.metric, group);
        Ok(at.map(|at| (definition.metric, at)))
    }
}
