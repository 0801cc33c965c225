//! Giving units to workers: the allocation round at the end of an instant, or at a meeting.

use crate::engine::case::{NOBODY, State};
use crate::engine::observer::Sum;
use crate::engine::play::{MEETING, Moment, Place, Play};
use crate::policy::limit::is_within;
use crate::policy::meeting::Meeting;

impl Play<'_> {
    /// Looks through the list of every team in which something has changed, or of all at a meeting.
    pub(super) fn allocation_round(&mut self, is_meeting: bool) {
        self.is_stirred = false;
        #[cfg(test)]
        self.note_loop(crate::engine::play::What::Round, 0);
        for team in 0..self.board.queues.len() as u16 {
            if is_meeting || self.board.queues[team as usize].is_stirred {
                self.board.queues[team as usize].is_stirred = false;
                self.allocate_in(team);
            }
        }
    }

    /// Gives out what can be given out, in the order of the list; a unit that fits nobody is passed over.
    fn allocate_in(&mut self, team: u16) {
        let mut position = 0;
        let mut has_room = true;
        while position < self.board.queues[team as usize].len() {
            let queue = &self.board.queues[team as usize];
            let unit = queue.at(position);
            let is_expired = self.board.units[unit as usize].is_expired;
            // A unit fits if its first child does, so without room for one case only the expired are left.
            if !has_room && !is_expired {
                if queue.expired == 0 {
                    return;
                }
                position += 1;
                continue;
            }
            match self.taker(unit, team, is_expired) {
                Some(worker) => self.allocate(unit, worker),
                None => {
                    has_room = false;
                    position += 1;
                }
            }
        }
    }

    /// Who takes a unit: the worker of a sibling or, of one who returns, the former one, if it fits; else the least
    /// loaded whom it fits; else, without patience left, the least loaded. Ties go to the lowest post.
    fn taker(&self, unit: u32, team: u16, is_expired: bool) -> Option<u32> {
        let choices = self.choices(team);
        let is_advisory = choices
            .limit
            .as_ref()
            .is_some_and(|limit| limit.is_advisory());
        if !self.board.cases.is_only_child(unit) {
            let mut at = self.board.cases.eldest(unit);
            let mut best = None;
            while at != NOBODY {
                let child = self.case(at);
                if child.state == State::Held && child.team == team {
                    best = self.better(best, child.worker, is_advisory);
                }
                at = child.sibling;
            }
            if best.is_some() {
                return best;
            }
        }
        if self
            .world
            .scenario
            .returns
            .as_ref()
            .is_some_and(|returns| returns.to_same_worker)
        {
            let at = self.case(unit);
            if at.spell > 0 && !at.was_allocated && at.former != NOBODY {
                let workers = &self.world.team_workers[team as usize];
                let former = workers
                    .iter()
                    .find(|w| self.worker(**w).person == at.former);
                if let Some(best) =
                    former.and_then(|worker| self.better(None, *worker, is_advisory))
                {
                    return Some(best);
                }
            }
        }
        let least = |regardless: bool| {
            let workers = self.world.team_workers[team as usize].iter();
            workers.fold(None, |best, worker| self.better(best, *worker, regardless))
        };
        match least(is_advisory) {
            None if is_expired => least(true),
            found => found,
        }
    }

    /// The less loaded of the best so far and a worker who may take one more; the best so far on a tie.
    fn better(&self, best: Option<u32>, worker: u32, regardless: bool) -> Option<u32> {
        let place = self.board.places[worker as usize];
        if place.limit < 0.0 || !(regardless || is_within(place.load + 1.0, place.limit)) {
            return best;
        }
        match best {
            Some(other) if self.board.places[other as usize].ratio <= place.ratio => best,
            _ => Some(worker),
        }
    }

    /// The least loaded worker of a team whatever the limit, for the opening caseload.
    pub(super) fn least_loaded(&self, team: u16) -> Option<u32> {
        self.world.team_workers[team as usize]
            .iter()
            .fold(None, |best, worker| self.better(best, *worker, true))
    }

    /// Gives a waiting unit to a worker.
    fn allocate(&mut self, unit: u32, worker: u32) {
        let now = self.now;
        let team = self.case(unit).team;
        self.strike(unit, team);
        let mut hand = self.take_hand();
        self.siblings(unit, &mut hand, |child| {
            child.state == State::Waiting && child.unit == unit
        });
        let before = self.board.places[worker as usize];
        let size = hand.len();
        for case in &hand {
            self.settle_case(*case);
            self.judge_waiting(*case, now);
            self.judge_worker_due(*case, true);
            let at = self.case_mut(*case);
            at.unit = NOBODY;
            let (stage, waited) = (at.stage, now - at.waiting_since);
            self.board.observer.add(team, Sum::WaitDays, waited);
            self.board.observer.add(team, Sum::Waits, 1.0);
            self.board.observer.waits.push(waited);
            self.board
                .observer
                .change(team, now, |level| level.waiting -= 1.0);
            self.board.observer.change_stage(stage, now, 0.0, -1.0);
            let slot = self.case_slot(*case);
            self.board.agenda.clear(slot);
            self.give(*case, worker);
        }
        self.board.hand = hand;
        self.count_excess(worker, before, size);
    }

    /// Counts what a unit that was given to a worker passed the limit by.
    ///
    /// * `before` - the worker's place before it; * `size` - children of the unit
    pub(super) fn count_excess(&mut self, worker: u32, before: Place, size: usize) {
        if before.limit == f64::INFINITY {
            return;
        }
        let size = size as f64;
        let team = self.worker(worker).team;
        let excess = (before.load + size - before.limit).max(0.0);
        let added = excess - (before.load - before.limit).max(0.0);
        if !is_within(before.load + 1.0, before.limit) {
            self.board.observer.add(team, Sum::OverLimit, size);
        } else if !is_within(before.load + size, before.limit) {
            self.board.observer.add(team, Sum::Overshoot, excess);
        }
        let holder = self.worker_mut(worker);
        holder.excused = (holder.excused + added).min(excess);
    }

    /// Gives one case to a worker and counts it.
    pub(super) fn give(&mut self, case: u32, worker: u32) {
        let at = self.case(case);
        // A case given back to the one who had it last has not changed hands.
        let is_transfer = at.was_allocated && at.former != self.worker(worker).person;
        let (team, number) = (at.team, at.number);
        self.board.observer.add(team, Sum::Allocations, 1.0);
        if is_transfer {
            self.board.observer.add(team, Sum::Transfers, 1.0);
            let now = self.now;
            self.board.observer.transfers.push((now, case, number));
        }
        self.hold(case, worker);
    }

    /// Enters the next meeting at or after a day.
    pub(super) fn schedule_meeting(&mut self, from: u32) {
        let calendar = &self.world.scenario.calendar;
        let day = match self.phase.meeting {
            Meeting::AtOnce => None,
            Meeting::Daily => calendar.working_day_from(from),
            Meeting::Weekly { weekday } => {
                // The week's day may be a holiday: the meeting of a week whose day was up to 6 days ago may still be due.
                (from.saturating_sub(6)..=from + 7)
                    .filter(|day| calendar.weekday(*day) == weekday)
                    .filter_map(|day| calendar.working_day_from(day))
                    .find(|day| *day >= from)
            }
        };
        match day {
            Some(day) => self
                .board
                .agenda
                .set(MEETING, f64::from(day), Moment::Meeting.rank()),
            None => self.board.agenda.clear(MEETING),
        }
    }
}
