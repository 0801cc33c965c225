//! What changes on a date: the choices of the policy, and the staff.

use crate::engine::play::{CHANGE, Moment, Play};
use crate::engine::roster::Terms;
use crate::engine::sums::Sum;
use crate::model::law::Law;
use crate::policy::choices::Phase;
use crate::policy::staffing::{About, Effect};

impl<'a> Play<'a> {
    /// Enters the next date after a time on which something changes.
    pub(super) fn schedule_change(&mut self, after: f64) {
        let calendar = &self.world.scenario.calendar;
        let warm_up = (calendar.warm_up_months > 0).then_some(calendar.start);
        let phases = self.chosen.phases.iter().map(|phase| phase.from);
        let staffing = &self.chosen.staffing;
        let dates = staffing
            .iter()
            .flat_map(|change| [Some(change.from), change.until]);
        let next = warm_up
            .into_iter()
            .chain(phases.skip(1))
            .chain(dates.flatten())
            .filter(|time| *time > after)
            .fold(f64::INFINITY, f64::min);
        self.board
            .agenda
            .set(CHANGE, next, Moment::PolicyChange.rank());
    }

    /// A date on which something changes: the warm-up ends, the policy's choices or its staff change.
    pub(super) fn change_due(&mut self) {
        let now = self.now;
        if now >= self.world.scenario.calendar.start {
            let phases = &self.chosen.phases;
            let phase = phases.iter().rev().find(|phase| phase.from <= now);
            let phase = phase.unwrap_or(&phases[0]);
            let ends_warm_up = now == self.world.scenario.calendar.start;
            if ends_warm_up || !std::ptr::eq(phase, self.phase) {
                self.begin_phase(phase);
            }
        }
        self.change_staff();
        self.schedule_change(now);
    }

    /// Other choices hold from now on.
    pub(super) fn begin_phase(&mut self, phase: &'a Phase) {
        self.end_old_relief(phase);
        self.phase = phase;
        self.end_old_rules();
        for team in 0..self.board.rules.len() as u16 {
            self.set_rules(team);
        }
        for worker in 0..self.board.workers.len() as u32 {
            self.place(worker);
        }
        self.relist_all();
        self.schedule_meeting(self.now as u32);
        self.begin_monitoring();
        for team in 0..self.board.queues.len() {
            self.board.stirred.insert(team);
        }
        self.is_stirred = true;
    }

    fn change_staff(&mut self) {
        let now = self.now;
        let chosen = self.chosen;
        let mut has_terms = false;
        for (number, change) in chosen.staffing.iter().enumerate() {
            let begins = change.from == now;
            match &change.effect {
                Effect::Add { posts, filled, .. } if begins => {
                    let first = self.roster.added_from[number];
                    for place in 0..*posts {
                        self.add_post(first + place, place < *filled);
                    }
                    self.count_agency_places();
                }
                Effect::Take { about, posts } if begins => self.take_posts(*about, *posts),
                Effect::Add { .. } | Effect::Take { .. } => {}
                _ => has_terms |= begins || change.until == Some(now),
            }
        }
        if has_terms {
            self.renew_terms();
        }
    }

    /// Works out the terms that hold now, and what they change for people and vacancies.
    fn renew_terms(&mut self) {
        let now = self.now;
        let chosen = self.chosen;
        let scenario = &self.world.scenario;
        self.settle_vacancies();
        let (teams, grades) = (scenario.teams.len(), scenario.grades.len());
        let terms = &mut self.board.terms;
        terms.clear(teams, grades);
        let mut law = scenario.recruitment.as_ref().map(|r| &r.time_to_fill);
        self.handover_days = scenario.handover_days;
        for change in chosen.staffing.iter().filter(|c| c.holds_at(now)) {
            let mut each = |about: &About, change: &mut dyn FnMut(&mut Terms, usize)| {
                for team in 0..teams {
                    for grade in (0..grades).filter(|grade| about.covers(team, *grade)) {
                        change(terms, team * grades + grade);
                    }
                }
            };
            match &change.effect {
                Effect::Add { .. } | Effect::Take { .. } => {}
                Effect::Freeze { about } => each(about, &mut |terms, at| terms.frozen[at] = true),
                Effect::DirectShare { about, share } => {
                    each(about, &mut |terms, at| {
                        terms.direct_share[at] = Some(*share)
                    });
                }
                Effect::Leaving { about, times } => {
                    each(about, &mut |terms, at| terms.leaving[at] = *times);
                }
                Effect::TimeToFill(other) => law = Some(other),
                Effect::Handover(days) => self.handover_days = *days,
            }
        }
        self.change_time_to_fill(law);
        for worker in 0..self.board.workers.len() as u32 {
            if self.worker(worker).is_present {
                self.accrue(worker);
                self.grow(worker);
                self.refresh(worker);
                self.schedule_person(worker);
                let team = self.worker(worker).team;
                self.stir(team);
            }
        }
        self.schedule_vacancies();
    }

    /// Another law of the time to fill: what is left of each vacancy is scaled by the ratio of the means.
    fn change_time_to_fill(&mut self, law: Option<&'a Law>) {
        let before = self.time_to_fill;
        self.time_to_fill = law;
        if let (Some(before), Some(law)) = (before, law)
            && before != law
        {
            let ratio = law.mean() / before.mean();
            for entry in self.board.vacancies.iter_mut().filter(|v| v.is_open) {
                if ratio.is_finite() && entry.fill_left.is_finite() {
                    entry.fill_left *= ratio;
                }
            }
        }
    }

    /// A post that the policy adds: with a worker from its first day, or vacant.
    fn add_post(&mut self, post: u32, is_filled: bool) {
        let now = self.now;
        self.establish(post);
        if is_filled {
            let team = self.roster.post_team[post as usize];
            self.board.vacancies[post as usize].incumbents = 1;
            self.board.observer.add(team, Sum::Starters, 1.0);
            let grade = self.roster.post_grade[post as usize];
            self.start_person(self.permanent_seat(post), grade, 0, 0.0);
        } else {
            self.open_vacancy(post);
            self.board.vacancies[post as usize].opened = now;
        }
    }

    /// Posts are taken: vacancies first, the highest post first; the rest as people leave.
    fn take_posts(&mut self, about: About, posts: u32) {
        let mut left = posts;
        for post in (0..self.roster.relief_from as u32).rev() {
            let (team, grade) = (
                self.roster.post_team[post as usize],
                self.roster.post_grade[post as usize],
            );
            if left > 0
                && self.board.vacancies[post as usize].is_open
                && about.covers(team as usize, grade as usize)
            {
                self.close_vacancy(post);
                self.abolish(post);
                left -= 1;
            }
        }
        if left > 0 {
            self.board.terms.to_take.push((about, left));
        }
        self.count_agency_places();
    }
}
