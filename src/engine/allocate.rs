//! Giving units to workers: the allocation round at the end of an instant, or at a meeting.
//!
//! Who may take a unit stands in [`ask`](crate::engine::ask); here is what is given out when, and what giving does.

use crate::engine::ask::Way;
use crate::engine::case::State;
use crate::engine::play::{MEETING, Moment, Place, Play};
use crate::engine::queue::Round;
use crate::engine::refused::Refused;
use crate::engine::sums::{RECORDS, Sum};
use crate::policy::limit::{Level, ROUNDING, is_within};
use crate::policy::meeting::Meeting;
use crate::policy::trigger::Per;

impl Play<'_> {
    /// What is done at the end of an instant in which a list or a worker has changed.
    pub(super) fn end_instant(&mut self) {
        if self.phase.meeting == Meeting::AtOnce {
            self.allocation_round(Round::AtOnce);
        } else if self.board.units_forced > 0 {
            self.allocation_round(Round::Between);
        } else {
            // As most instants between meetings: everybody on the lists waits for the next one.
            self.is_stirred = false;
            self.board.stirred.clear();
            self.managers_hold();
        }
    }

    /// Looks through the list of every team in which something has changed, or of all at a meeting.
    pub(super) fn allocation_round(&mut self, round: Round) {
        self.is_stirred = false;
        #[cfg(test)]
        if round != Round::Between {
            self.note_loop(crate::engine::play::What::Round, 0);
        }
        let mut from = 0;
        while let Some(team) = self.next_list(from, round) {
            self.board.stirred.remove(team);
            self.allocate_in(team as u16, round);
            from = team + 1;
        }
        if round != Round::Between {
            self.lend();
            self.managers_hold();
            self.shed();
        }
        self.managers_hold();
    }

    /// The next team, from one on, whose list is to be looked through.
    fn next_list(&self, from: usize, round: Round) -> Option<usize> {
        let board = &*self.board;
        if round != Round::Meeting && !self.shares_room {
            return board.stirred.first_from(from);
        }
        (from..board.queues.len()).find(|team| {
            round == Round::Meeting || board.stirred.has(*team) || board.rules[*team].shares_room
        })
    }

    /// Gives out what can be given out, in the order of the list; a unit that fits nobody is passed over.
    fn allocate_in(&mut self, team: u16, round: Round) {
        let mut position = 0;
        let mut has_room = round != Round::Between;
        let mut refused = Refused::nobody();
        while position < self.board.queues[team as usize].len() {
            if self.guard.is_stopped_at_step() {
                return;
            }
            let queue = &self.board.queues[team as usize];
            let unit = queue.at(position);
            if self.looks_ahead && position + 2 < queue.len() {
                self.fetch_unit(queue.at(position + 2));
            }
            let entry = &self.board.units[unit as usize];
            // Between meetings only what is never queued is given out, patience or not.
            let is_forced = entry.is_urgent || (entry.is_expired && round != Round::Between);
            if !has_room && !is_forced {
                if queue.forced == 0 {
                    return;
                }
                position += 1;
                continue;
            }
            let like = if is_forced {
                None
            } else {
                self.like(unit, team, round)
            };
            let is_covered = like.is_some_and(|like| refused.covers(&like));
            if is_covered && like.is_some_and(|like| !like.has_holder) {
                position += 1;
                continue;
            }
            let way = Way {
                is_forced,
                can_discuss: round == Round::Meeting,
                asks_holders_alone: is_covered,
            };
            let taker = self.taker(unit, team, way);
            refused.note(like, taker.is_some());
            match taker {
                Some(worker) => self.allocate(unit, worker, team),
                None => {
                    has_room = has_room && self.has_room(team);
                    position += 1;
                }
            }
        }
    }

    /// Units that have fitted nobody in their team for long may go to any team that takes their stages.
    fn lend(&mut self) {
        if !self.shares_room {
            return;
        }
        for team in 0..self.board.queues.len() as u16 {
            let mut position = 0;
            let mut refused = Refused::nobody();
            while self.board.queues[team as usize].lendable > 0
                && position < self.board.queues[team as usize].len()
            {
                if self.guard.is_stopped_at_step() {
                    return;
                }
                let unit = self.board.queues[team as usize].at(position);
                let is_lendable = self.board.units[unit as usize].is_lendable;
                if !is_lendable {
                    position += 1;
                    continue;
                }
                let like = self.like_to_lend(unit);
                if like.is_some_and(|like| refused.covers(&like) && !like.has_holder) {
                    position += 1;
                    continue;
                }
                let borrower = self.borrower(unit, team);
                refused.note(like, borrower.is_some());
                match borrower {
                    Some(worker) => self.allocate(unit, worker, team),
                    None => position += 1,
                }
            }
        }
    }

    /// Above the number that is tolerated, the longest unallocated are given out regardless.
    fn shed(&mut self) {
        if !self.sheds {
            return;
        }
        let tolerance = |play: &Play<'_>, team: u16| {
            let limit = play.choices(team).limit.as_ref();
            limit.and_then(|limit| limit.tolerates)
        };
        let mut longest = std::mem::take(&mut self.board.longest);
        longest.clear();
        for (team, queue) in self.board.queues.iter().enumerate() {
            if tolerance(self, team as u16).is_some() {
                longest.extend(queue.iter().map(|unit| {
                    let at = self.case(unit);
                    (at.waiting_since, at.sequence, unit, team as u16)
                }));
            }
        }
        longest.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (_, _, unit, team) in &longest {
            if self.guard.is_stopped_at_step() {
                break;
            }
            let Some(tolerated) = tolerance(self, *team) else {
                continue;
            };
            let observer = &self.board.observer;
            let reported = match tolerated.per {
                Per::Service => observer.service.waiting - observer.standing.manager_held,
                Per::Team => {
                    let team = *team as usize;
                    observer.teams[team].waiting - observer.standings[team].manager_held
                }
            };
            if reported <= tolerated.cases || self.case(*unit).is_managed {
                continue;
            }
            if let Some(worker) = self.taker(*unit, *team, Way::forced()) {
                self.allocate(*unit, worker, *team);
                self.managers_hold();
            }
        }
        self.board.longest = longest;
    }

    /// Gives a waiting unit to a worker, of the team for which it waits or of one that helps out.
    fn allocate(&mut self, unit: u32, worker: u32, team: u16) {
        let now = self.now;
        self.strike(unit, team);
        let mut hand = self.take_hand();
        hand.extend(self.waiting_in(unit));
        let before = self.board.places[worker as usize];
        let adds = self.adds(&hand, worker);
        let size = hand.len();
        let to = self.worker(worker).team;
        self.board.last_taker[to as usize] = self.roster.rungs[worker as usize] + 1;
        for case in &hand {
            self.settle_case(*case);
            self.judge_waiting(*case, now);
            self.judge_worker_due(*case, true);
            let at = self.case_mut(*case);
            at.unit = crate::engine::case::NOBODY;
            at.is_split = false;
            let (stage, waited) = (at.stage, now - at.waiting_since);
            self.board.observer.add(team, Sum::WaitDays, waited);
            self.board.observer.add(team, Sum::Waits, 1.0);
            self.board.observer.waits.push(waited);
            self.board.observer.change_cases(team, now, 0.0, -1.0);
            self.board.observer.change_stage(stage, now, 0.0, -1.0);
            let slot = self.case_slot(*case);
            self.board.agenda.clear(slot);
            if to != team {
                self.move_team(*case, to);
            }
            self.give(*case, worker);
        }
        self.board.hand = hand;
        self.rework(worker);
        if self.board.places[worker as usize].load < before.load {
            // An elder child of a lighter stage has joined its brothers and sisters: those passed over may fit now.
            self.stir(to);
        }
        self.stir_siblings(unit);
        self.count_excess(worker, before, adds, size);
    }

    /// Brothers and sisters who still wait ask less of the worker who has just been given one of them: they may fit now.
    fn stir_siblings(&mut self, case: u32) {
        if self.board.cases.is_only_child(case) {
            return;
        }
        let mut at = self.board.cases.eldest(case);
        while at != crate::engine::case::NOBODY {
            let child = self.case(at);
            let (next, team) = (child.sibling, child.team);
            if child.state == State::Waiting {
                self.stir(team);
            }
            at = next;
        }
    }

    /// A case with no one waiting for it changes the team that it counts in.
    pub(super) fn move_team(&mut self, case: u32, to: u16) {
        let now = self.now;
        let from = self.case(case).team;
        self.board.observer.change_cases(from, now, -1.0, 0.0);
        self.board.observer.change_cases(to, now, 1.0, 0.0);
        self.case_mut(case).team = to;
    }

    /// Counts what a unit that was given to a worker passed the limit by. Where the limit is one of means, nobody
    /// passes it alone: what is above the worker's own share is no drift, and is not counted here.
    ///
    /// * `before` - the worker's place before it; * `adds` - what its first child and all of it added, in the measure
    ///   of the limit; * `size` - children of the unit
    pub(super) fn count_excess(
        &mut self,
        worker: u32,
        before: Place,
        adds: (f64, f64),
        size: usize,
    ) {
        if before.limit == f64::INFINITY {
            return;
        }
        let (first, whole) = adds;
        let team = self.worker(worker).team;
        let excess = (before.load + whole - before.limit).max(0.0);
        let added = excess - (before.load - before.limit).max(0.0);
        let limit = self.choices(team).limit.as_ref();
        if limit.is_some_and(|limit| limit.level == Level::Worker) {
            if !is_within(before.load + first, before.limit) {
                self.board.observer.add(team, Sum::OverLimit, size as f64);
            } else if !is_within(before.load + whole, before.limit) {
                self.board.observer.add(team, Sum::Overshoot, excess);
                // The children after the first, alike in what they add, who no longer fit.
                let each = (whole - first) / (size - 1).max(1) as f64;
                let room =
                    ((before.limit - before.load - first).max(0.0) / each + ROUNDING).floor();
                let over = ((size - 1) as f64 - room).max(0.0);
                self.board.observer.add(team, Sum::OvershootCases, over);
            }
        }
        let holder = self.worker_mut(worker);
        holder.excused = (holder.excused + added).min(excess);
    }

    /// Gives one case to a worker and counts it; the worker's pace must then be worked out anew.
    #[inline(always)]
    pub(super) fn give(&mut self, case: u32, worker: u32) {
        let at = self.case(case);
        // A case given back to the one who had it last has not changed hands.
        let is_transfer = at.was_allocated && at.former != self.worker(worker).person;
        let (team, number) = (at.team, at.number);
        self.board.observer.add(team, Sum::Allocations, 1.0);
        if is_transfer {
            self.board.observer.add(team, Sum::Transfers, 1.0);
            let now = self.now;
            if RECORDS {
                self.board.observer.transfers.push((now, case, number));
            }
        }
        self.hold(case, worker);
    }

    /// Enters the next meeting at or after a day.
    pub(super) fn schedule_meeting(&mut self, from: u32) {
        let calendar = &self.world.scenario.calendar;
        let day = self.phase.meeting.next(from, calendar);
        match day {
            Some(day) => self
                .board
                .agenda
                .set(MEETING, f64::from(day), Moment::Meeting.rank()),
            None => self.board.agenda.clear(MEETING),
        }
    }
}
