//! Who is open at the origin, with whom, and who closed before it and will return.

use crate::engine::case::{NOBODY, State};
use crate::engine::family::child;
use crate::engine::play::{Moment, Play};
use crate::engine::stage::Age;
use crate::model::calendar::DAYS_PER_MONTH;
use crate::random::draw::{choose, equilibrium, poisson};
use crate::random::stream::{Kind, Purpose};
use crate::scenario::sections::Opening;

impl Play<'_> {
    /// Opens the cases that are there at the origin, and those that will return.
    pub(super) fn open_cases(&mut self) {
        let world = self.world;
        let mut families = 0;
        match &world.scenario.opening {
            Opening::Counts(counts) => {
                for (stage, count) in counts.iter().enumerate() {
                    let mut left = *count as usize;
                    while left > 0 && !self.guard.is_stopped_at_step() {
                        left -= self.open_family(families, left, Some(stage));
                        families += 1;
                    }
                }
            }
            Opening::Mix { total, .. } => {
                let mut left = *total as usize;
                while left > 0 && !self.guard.is_stopped_at_step() {
                    left -= self.open_family(families, left, None);
                    families += 1;
                }
            }
            Opening::Listed(cases) => {
                let mut at = 0;
                while at < cases.len() && !self.guard.is_stopped_at_step() {
                    let length = cases[at..]
                        .iter()
                        .take_while(|c| c.family == cases[at].family)
                        .count();
                    let mut stream = self
                        .luck
                        .stream(Kind::Opening, families, 0, Purpose::Family);
                    let drawn = *choose(&world.scenario.areas, &mut stream);
                    let family = self.add_family(cases[at].area.unwrap_or(drawn));
                    for (place, listed) in cases[at..at + length].iter().enumerate() {
                        let case = self.add_case(family, child(Kind::Opening, families, place));
                        self.open_settled(case, listed.stage as u16, Age::Days(listed.age_days));
                    }
                    at += length;
                    families += 1;
                }
            }
        }
        self.owe_returns();
    }

    /// One family of the opening caseload, all in one stage.
    ///
    /// * `most` - children at most; * returns - its children
    fn open_family(&mut self, number: u64, most: usize, stage: Option<usize>) -> usize {
        let world = self.world;
        let mut stream = self.luck.stream(Kind::Opening, number, 0, Purpose::Family);
        let size = (*choose(&world.scenario.referrals.family_size, &mut stream))
            .min(most)
            .max(1);
        let area = *choose(&world.scenario.areas, &mut stream);
        let stage = match (stage, &world.scenario.opening) {
            (None, Opening::Mix { stages, .. }) => *choose(stages, &mut stream),
            (stage, _) => stage.unwrap_or(0),
        };
        let family = self.add_family(area);
        let mut worker = None;
        for place in 0..size {
            let case = self.add_case(family, child(Kind::Opening, number, place));
            match worker {
                None => worker = self.open_settled(case, stage as u16, Age::Settled),
                Some(_) => {
                    self.open_with(case, stage as u16, Age::Settled, worker);
                }
            }
        }
        size
    }

    /// Opens a case of the opening list with the worker of its siblings in that team, or the least loaded.
    fn open_settled(&mut self, case: u32, stage: u16, age: Age) -> Option<u32> {
        self.case_mut(case).stage = stage;
        let worker = self.worker_at_origin(case);
        self.open_with(case, stage, age, worker);
        worker
    }

    /// Who holds an opening case: the worker of a sibling in the team, or the least loaded, limits not applied.
    pub(super) fn worker_at_origin(&self, case: u32) -> Option<u32> {
        let team = self.home(case, self.case(case).stage);
        let mut at = self.board.cases.eldest(case);
        let mut worker = None;
        while at != NOBODY && worker.is_none() {
            let sibling = self.case(at);
            // A sibling may be in the hands of someone whose cases are just being handed over.
            let is_held = sibling.state == State::Held && sibling.worker != NOBODY;
            if is_held && sibling.team == team && !self.worker(sibling.worker).is_absent {
                worker = Some(sibling.worker);
            }
            at = sibling.sibling;
        }
        worker.or_else(|| self.least_loaded(team))
    }

    fn open_with(&mut self, case: u32, stage: u16, age: Age, worker: Option<u32>) {
        let now = self.now;
        let team = self.home(case, stage);
        self.case_mut(case).team = team;
        self.enter_stage(case, stage, age);
        #[cfg(test)]
        self.note(crate::engine::play::What::Opened, case, NOBODY);
        self.board.observer.change_cases(team, now, 1.0, 0.0);
        self.board.observer.change_stage(stage, now, 1.0, 0.0);
        match worker {
            Some(worker) => {
                self.hold(case, worker);
                self.replace(worker);
            }
            None => self.start_waiting(case),
        }
    }

    /// Children who closed before the origin and will return: a Poisson number with equilibrium delays.
    fn owe_returns(&mut self) {
        let world = self.world;
        let Some(returns) = &world.scenario.returns else {
            return;
        };
        let months = returns.delay.mean() / DAYS_PER_MONTH;
        let mean = world.scenario.closed_lately_per_month * returns.probability.min(1.0) * months;
        let mut stream = self.luck.stream(Kind::Service, 0, 0, Purpose::Count);
        for number in 0..u64::from(poisson(mean, &mut stream)) {
            if self.guard.is_stopped_at_step() {
                return;
            }
            let mut stream = self.luck.stream(Kind::Owed, number, 0, Purpose::Family);
            let area = *choose(&world.scenario.areas, &mut stream);
            let (_, rest) = equilibrium(&returns.delay, &mut stream);
            if rest > world.scenario.calendar.horizon {
                continue;
            }
            let family = self.add_family(area);
            let case = self.add_case(family, child(Kind::Owed, number, 0));
            let closed = self.case_mut(case);
            closed.state = State::Away;
            closed.unit = case;
            let order = Moment::Exit.of_case(None, closed.number);
            let slot = self.case_slot(case);
            self.board.agenda.set(slot, rest, order);
        }
    }
}
