//! What changes in the staff on a date?

use crate::model::law::Law;

/// A dated change of the staff: a redesign, a campaign, better technology.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// From 00:00 of this day [days from the origin].
    pub from: f64,
    /// Until 00:00 of this day; absent: for good. Posts come and go for good [days from the origin].
    pub until: Option<f64>,
    /// What changes.
    pub effect: Effect,
}

/// Whom a change is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Index of the team; absent: all.
    pub team: Option<usize>,
    /// Index of the grade; absent: all.
    pub grade: Option<usize>,
}

/// What changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Posts are added, with numbers after all others.
    Add {
        /// Index of the team.
        team: usize,
        /// Index of the grade.
        grade: usize,
        /// How many posts.
        posts: u32,
        /// How many of them have a worker from the first day; the others are recruited for.
        filled: u32,
    },
    /// Posts are taken: vacancies first (the highest post first), then as people leave.
    Take {
        /// Of which team and grade of post.
        about: About,
        /// How many posts.
        posts: u32,
    },
    /// No vacancy is filled, by yearly intakes neither. One that opens in the freeze is advertised when it ends; a search
    /// already begun stands still and keeps its remaining time. Agency cover goes on.
    Freeze {
        /// Of which team and grade of post.
        about: About,
    },
    /// Share of time for direct work, instead of the grade's [1].
    DirectShare {
        /// Of whom.
        about: About,
        /// The share [1].
        share: f64,
    },
    /// Multiplier on the hazard of leaving [1].
    Leaving {
        /// Of whom.
        about: About,
        /// The multiplier [1].
        times: f64,
    },
    /// Another time to fill; what is left of each vacancy is scaled by the ratio of the means [days].
    TimeToFill(Law),
    /// Another handover [days].
    Handover(f64),
}

impl About {
    /// True where a team and grade are meant.
    pub fn covers(&self, team: usize, grade: usize) -> bool {
        self.team.is_none_or(|meant| meant == team) && self.grade.is_none_or(|meant| meant == grade)
    }
}

impl Change {
    /// True while the change holds.
    ///
    /// * `time` - [days from the origin]
    pub fn holds_at(&self, time: f64) -> bool {
        self.from <= time && self.until.is_none_or(|until| time < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_change_holds_from_its_first_day_to_before_its_last() {
        let freeze = Change {
            from: 10.0,
            until: Some(20.0),
            effect: Effect::Freeze {
                about: About::default(),
            },
        };
        assert!(!freeze.holds_at(9.99) && freeze.holds_at(10.0));
        assert!(freeze.holds_at(19.99) && !freeze.holds_at(20.0));
        let for_good = Change {
            until: None,
            ..freeze
        };
        assert!(for_good.holds_at(1e9));
    }

    proptest! {
        #[test]
        fn whom_nothing_narrows_covers_all(team in 0_usize..9, grade in 0_usize..9, other in 0_usize..9) {
            prop_assert!(About::default().covers(team, grade));
            let one_team = About { team: Some(team), grade: None };
            prop_assert_eq!(one_team.covers(other, grade), other == team);
            let one_grade = About { team: None, grade: Some(grade) };
            prop_assert_eq!(one_grade.covers(team, other), other == grade);
        }
    }
}
