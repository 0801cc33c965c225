//! Where each number of a replication stands in its record.
//!
//! A record is a table of months x columns, one last row for the whole horizon, and behind it the bins of the
//! distributions. A column is a metric of the service, of one team, of one stage or of one grade. A missing number is
//! NaN there and an empty cell in every file.

use std::ops::Range;

use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::metric::distribution::Distribution;

/// Whom a column speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The whole service.
    Service,
    /// The team of this index.
    Team(usize),
    /// The stage of this index.
    Stage(usize),
    /// The grade of this index.
    Grade(usize),
}

/// One column of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// What is measured.
    pub metric: Metric,
    /// Of whom.
    pub group: Group,
}

/// The columns and rows of every record of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    months: usize,
    columns: Vec<Column>,
    /// First column of a metric in a group kind, [metric][service, team, stage, grade].
    first: Vec<[Option<u32>; 4]>,
}

impl Layout {
    /// Columns for the service and for each team, stage and grade. With a single team, its columns
    /// would repeat the service and are left out.
    ///
    /// * `months` - reported months
    /// * `teams`, `stages`, `grades` - how many there are
    pub fn new(months: usize, teams: usize, stages: usize, grades: usize) -> Layout {
        let teams = if teams > 1 { teams } else { 0 };
        let mut columns = Vec::new();
        let mut first = vec![[None; 4]; CATALOGUE.len()];
        let mut add = |metric: Metric, kind: usize, groups: &mut dyn Iterator<Item = Group>| {
            let begin = columns.len() as u32;
            columns.extend(groups.map(|group| Column { metric, group }));
            if columns.len() as u32 > begin {
                first[metric as usize][kind] = Some(begin);
            }
        };
        for definition in &CATALOGUE {
            add(definition.metric, 0, &mut std::iter::once(Group::Service));
        }
        for definition in CATALOGUE.iter().filter(|d| d.by_team) {
            add(definition.metric, 1, &mut (0..teams).map(Group::Team));
        }
        for definition in CATALOGUE.iter().filter(|d| d.by_stage) {
            add(definition.metric, 2, &mut (0..stages).map(Group::Stage));
        }
        for definition in CATALOGUE.iter().filter(|d| d.by_grade) {
            add(definition.metric, 3, &mut (0..grades).map(Group::Grade));
        }
        Layout {
            months,
            columns,
            first,
        }
    }

    /// The columns, in the order of every row.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Reported months; the row after the last of them is the whole horizon.
    pub fn months(&self) -> usize {
        self.months
    }

    /// Index of the row for the whole horizon.
    pub fn horizon_row(&self) -> usize {
        self.months
    }

    /// Numbers in a record: (months + 1) x columns, and the bins of the distributions.
    pub fn len(&self) -> usize {
        let bins: usize = Distribution::ALL.iter().map(|what| what.bins()).sum();
        self.table() + bins
    }

    /// Numbers in the table of months and horizon: (months + 1) x columns.
    fn table(&self) -> usize {
        (self.months + 1) * self.columns.len()
    }

    /// The column that a number of a record stands in; nothing for the bins of the distributions.
    pub fn column(&self, at: usize) -> Option<&Column> {
        let is_in_table = at < self.table();
        is_in_table.then(|| &self.columns[at % self.columns.len()])
    }

    /// Where the bins of a distribution stand in a record.
    pub fn bins(&self, what: Distribution) -> Range<usize> {
        let before = Distribution::ALL.iter().take_while(|other| **other != what);
        let begin = self.table() + before.map(|other| other.bins()).sum::<usize>();
        begin..begin + what.bins()
    }

    /// True where a record would hold nothing; never for a layout made by [`Layout::new`].
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Where a number of a team stands in a record, or of the service where no team is named; with a single
    /// team its number is the service's. Nothing where the metric has no such column.
    ///
    /// * `row` - month from 0, or [`Layout::horizon_row`]
    pub fn index_of(&self, row: usize, metric: Metric, team: Option<usize>) -> Option<usize> {
        team.and_then(|team| self.index(row, metric, Group::Team(team)))
            .or_else(|| self.index(row, metric, Group::Service))
    }

    /// Where a number stands in a record; nothing where the metric has no column for that group.
    ///
    /// * `row` - month from 0, or [`Layout::horizon_row`]
    pub fn index(&self, row: usize, metric: Metric, group: Group) -> Option<usize> {
        let (kind, offset) = match group {
            Group::Service => (0, 0),
            Group::Team(index) => (1, index),
            Group::Stage(index) => (2, index),
            Group::Grade(index) => (3, index),
        };
        let column = self.first[metric as usize][kind]? as usize + offset;
        let found = self.columns.get(column)?;
        (found.metric == metric && found.group == group).then(|| row * self.columns.len() + column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_found_where_it_stands() {
        let layout = Layout::new(3, 2, 4, 1);
        for row in 0..=layout.horizon_row() {
            for (at, column) in layout.columns().iter().enumerate() {
                let expected = row * layout.columns().len() + at;
                assert_eq!(
                    layout.index(row, column.metric, column.group),
                    Some(expected)
                );
            }
        }
        assert_eq!(layout.index(0, Metric::Leavers, Group::Stage(0)), None);
        assert_eq!(layout.index(0, Metric::CaseloadMean, Group::Team(2)), None);
    }

    #[test]
    fn the_bins_stand_behind_the_table_and_fill_the_record() {
        let layout = Layout::new(3, 2, 4, 1);
        let table = 4 * layout.columns().len();
        assert_eq!(layout.column(table - 1), layout.columns().last());
        assert_eq!(layout.column(table), None);
        let caseload = layout.bins(Distribution::Caseload);
        let wait = layout.bins(Distribution::Wait);
        assert_eq!((caseload.start, caseload.end), (table, wait.start));
        assert_eq!(wait.end, layout.len());
    }

    #[test]
    fn a_single_team_has_no_columns_of_its_own() {
        let layout = Layout::new(1, 1, 1, 1);
        assert_eq!(layout.index(0, Metric::CaseloadMean, Group::Team(0)), None);
    }
}
