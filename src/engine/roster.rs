//! Posts and worker slots under one policy: the scenario's posts, after them those that the policy adds, and last
//! the seats of relief workers.
//!
//! A seat of a relief worker stands in the tables like a post that is never established nor vacant. What changes in a
//! play stands here too: the terms on which people work now, and how far relief has come.

use crate::policy::Policy;
use crate::policy::staffing::{About, Effect};
use crate::scenario::sections::Scenario;

/// Post group of a post that is none of the scenario's.
const NO_GROUP: u16 = u16::MAX;

/// The posts and seats of one policy.
#[derive(Clone, Debug)]
pub(super) struct Roster {
    pub(super) post_team: Vec<u16>,
    pub(super) post_grade: Vec<u16>,
    /// Group of the scenario that a post belongs to; [`NO_GROUP`] for added posts and relief seats.
    pub(super) post_group: Vec<u16>,
    /// Posts of the scenario.
    pub(super) established: usize,
    /// First post of each change of the policy's staffing that adds posts, by change.
    pub(super) added_from: Vec<u32>,
    /// First relief seat.
    pub(super) relief_from: usize,
    /// Relief seats of each team.
    pub(super) relief_seats: usize,
    /// Worker slots of a post: one, and one more for its agency cover.
    pub(super) seats: usize,
    /// Worker slots of each team, by post, permanent before agency.
    pub(super) team_workers: Vec<Vec<u32>>,
    /// Place of each worker slot among those of its team.
    pub(super) rungs: Vec<u32>,
}

impl Roster {
    pub(super) fn new(scenario: &Scenario, policy: &Policy) -> Roster {
        let seats = if scenario.agency.is_some() { 2 } else { 1 };
        let teams = scenario.teams.len();
        let mut roster = Roster {
            post_team: vec![],
            post_grade: vec![],
            post_group: vec![],
            established: 0,
            added_from: vec![],
            relief_from: 0,
            relief_seats: 0,
            seats,
            team_workers: vec![Vec::new(); teams],
            rungs: vec![],
        };
        for (number, group) in scenario.posts.iter().enumerate() {
            for _ in 0..group.count {
                roster.add(group.team, group.grade, number as u16);
            }
        }
        roster.established = roster.post_team.len();
        for change in &policy.staffing {
            roster.added_from.push(roster.post_team.len() as u32);
            if let Effect::Add {
                team, grade, posts, ..
            } = change.effect
            {
                for _ in 0..posts {
                    roster.add(team, grade, NO_GROUP);
                }
            }
        }
        roster.relief_from = roster.post_team.len();
        let relief = policy
            .phases
            .iter()
            .filter_map(|phase| phase.relief.as_ref());
        roster.relief_seats = relief
            .clone()
            .map(|r| r.workers as usize)
            .max()
            .unwrap_or(0);
        let grade = relief.map(|r| r.grade).next().unwrap_or(0);
        for team in 0..teams {
            for _ in 0..roster.relief_seats {
                roster.add(team, grade, NO_GROUP);
            }
        }
        for (post, team) in roster.post_team.iter().enumerate() {
            let workers = &mut roster.team_workers[*team as usize];
            for seat in 0..seats {
                roster.rungs.push(workers.len() as u32);
                workers.push((post * seats + seat) as u32);
            }
        }
        roster
    }

    fn add(&mut self, team: usize, grade: usize, group: u16) {
        self.post_team.push(team as u16);
        self.post_grade.push(grade as u16);
        self.post_group.push(group);
    }

    /// Posts and relief seats.
    pub(super) fn posts(&self) -> usize {
        self.post_team.len()
    }

    /// Worker slots.
    pub(super) fn slots(&self) -> usize {
        self.posts() * self.seats
    }

    /// True for the seat of a relief worker.
    pub(super) fn is_relief(&self, post: u32) -> bool {
        post as usize >= self.relief_from
    }
}

/// The terms on which people work now, where they differ from the scenario's.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    grades: usize,
    /// Share of time for direct work instead of the grade's, [team x grades + grade].
    pub(super) direct_share: Vec<Option<f64>>,
    /// Multiplier on the hazard of leaving, likewise.
    pub(super) leaving: Vec<f64>,
    /// Whether no vacancy is filled, likewise by the grade of the post.
    pub(super) frozen: Vec<bool>,
    /// Posts still to be taken as people leave.
    pub(super) to_take: Vec<(About, u32)>,
}

impl Terms {
    pub(super) fn reset(&mut self, teams: usize, grades: usize) {
        self.to_take.clear();
        self.clear(teams, grades);
    }

    pub(super) fn clear(&mut self, teams: usize, grades: usize) {
        self.grades = grades;
        self.direct_share.clear();
        self.direct_share.resize(teams * grades, None);
        self.leaving.clear();
        self.leaving.resize(teams * grades, 1.0);
        self.frozen.clear();
        self.frozen.resize(teams * grades, false);
    }

    fn at(&self, team: u16, grade: u16) -> usize {
        team as usize * self.grades + grade as usize
    }

    pub(super) fn direct_share(&self, team: u16, grade: u16) -> Option<f64> {
        self.direct_share[self.at(team, grade)]
    }

    pub(super) fn leaving(&self, team: u16, grade: u16) -> f64 {
        self.leaving[self.at(team, grade)]
    }

    pub(super) fn is_frozen(&self, team: u16, grade: u16) -> bool {
        self.frozen[self.at(team, grade)]
    }

    /// Takes one of the posts that are still to be taken, if one of this team and grade is.
    pub(super) fn takes(&mut self, team: u16, grade: u16) -> bool {
        let wanted = self
            .to_take
            .iter_mut()
            .find(|(about, left)| *left > 0 && about.covers(team as usize, grade as usize));
        match wanted {
            Some((_, left)) => {
                *left -= 1;
                true
            }
            None => false,
        }
    }
}

/// How far relief has come, of the service or of one team.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Help {
    pub(super) is_wanted: bool,
    /// When those sent for come; infinity: nobody is on the way [days].
    pub(super) comes_at: f64,
}
