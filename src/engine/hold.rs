//! A worker and the cases it holds: taking one, letting one go, and what each of them asks.

use crate::engine::case::{Case, NOBODY, State};
use crate::engine::clock::run;
use crate::engine::demand::Demand;
use crate::engine::play::{Moment, Play};
use crate::engine::worker::Worker;
use crate::engine::world::World;

impl Play<'_> {
    /// Gives an unallocated case, off the list already and with its clocks settled, to a worker, whose pace must then be
    /// worked out anew: once for all that it is given.
    #[inline(always)]
    pub(super) fn hold(&mut self, case: u32, worker: u32) {
        #[cfg(test)]
        self.note(crate::engine::play::What::Held, case, worker);
        let now = self.now;
        let handover = self.handover_days;
        let received = self.received;
        self.received += 1;
        let board = &mut *self.board;
        let holder = &mut board.workers[worker as usize];
        let at = &mut board.cases.list[case as usize];
        let is_transfer = at.was_allocated && at.former != holder.person;
        at.state = State::Held;
        at.worker = worker;
        at.line = holder.lines.len() as u32;
        at.received = received;
        at.former = holder.person;
        at.was_allocated = true;
        at.is_in_handover = is_transfer && handover > 0.0;
        at.handover_ends = if at.is_in_handover {
            now + handover
        } else {
            now
        };
        at.worker_due = f64::INFINITY;
        holder.lines.push(case, at.number, self.world.effects.len());
        if holder.lines.len() == 1 {
            let (team, fte) = (at.team, holder.fte);
            board.observer.change_staff(team, now, |level| {
                level.heads_with_case += 1.0;
                level.fte_with_case += fte;
            });
        }
        self.restage(case);
    }

    /// Fits what a case asks to its stage, and starts its clocks unless they must stand still.
    #[inline(always)]
    pub(super) fn restage(&mut self, case: u32) {
        let (world, now) = (self.world, self.now);
        let slot = self.case_slot(case);
        let board = &mut *self.board;
        let at = &mut board.cases.list[case as usize];
        let holder = &mut board.workers[at.worker as usize];
        at.is_running = false;
        at.since = now;
        let is_only_child = board.cases.families[at.family as usize].children == 1;
        if !is_only_child || at.is_in_handover || holder.is_absent {
            self.restage_else(case);
            return;
        }
        // Most are the only ones of their family with their worker, and may start at once.
        let table = &world.stages[at.stage as usize];
        let demand = Demand::of(at.stage, true);
        let classes = (&mut board.class_needs, &mut board.class_handovers);
        weigh(at, holder, demand, classes, world);
        let clock = &board.clocks[at.worker as usize * world.classes + table.class as usize];
        let hastened = board.cases.hastened_left.as_slice();
        let time = run(
            at,
            holder,
            table,
            clock,
            (&board.effects, hastened, case),
            &mut board.firsts,
            now,
        );
        let order = Moment::Exit.of_case(Some(holder.post), at.number);
        board.agenda.set(slot, time, order);
    }

    /// The handover of a case ends: from now on it gets its part of the worker's time.
    pub(super) fn end_handover(&mut self, case: u32) {
        let board = &mut *self.board;
        let at = &mut board.cases.list[case as usize];
        if at.is_in_handover {
            at.is_in_handover = false;
            let (need, _, class) = at.demand.amounts(&self.world.stages);
            board.workers[at.worker as usize].handover_need -= need;
            if self.world.classes > 1 {
                board.class_handovers[at.worker as usize * self.world.classes + class] -= need;
            }
        }
    }

    /// The same for one of several children, or one that must stand still.
    fn restage_else(&mut self, case: u32) {
        let at = self.case(case);
        let (worker, can_run) = (at.worker, at.handover_ends <= self.now);
        self.weigh_family(case, worker);
        if can_run && !self.worker(worker).is_absent {
            self.end_handover(case);
            self.run_clocks(case);
        } else {
            self.schedule_still(case);
        }
    }

    /// Takes a case, its clocks standing still, out of its worker's hands; the worker's pace must then be worked out
    /// anew.
    #[inline]
    pub(super) fn let_go(&mut self, case: u32) {
        let (world, now) = (self.world, self.now);
        #[cfg(test)]
        self.note(
            crate::engine::play::What::LetGo,
            case,
            self.case(case).worker,
        );
        let slot = self.case_slot(case);
        let board = &mut *self.board;
        let list = board.cases.list.as_mut_slice();
        let at = &mut list[case as usize];
        let (worker, team, line) = (at.worker, at.team, at.line);
        if worker == NOBODY {
            return;
        }
        let is_only_child = board.cases.families[at.family as usize].children == 1;
        let holder = &mut board.workers[worker as usize];
        let demand = Demand::default();
        let classes = (&mut board.class_needs, &mut board.class_handovers);
        weigh(at, holder, demand, classes, world);
        at.is_in_handover = false;
        at.worker = NOBODY;
        if let Some(moved) = holder.lines.remove(line, world.effects.len()) {
            list[moved as usize].line = line;
        }
        if holder.lines.is_empty() {
            let fte = holder.fte;
            board.observer.change_staff(team, now, |level| {
                level.heads_with_case -= 1.0;
                level.fte_with_case -= fte;
            });
        }
        board.agenda.clear(slot);
        if !is_only_child {
            self.weigh_family(case, worker);
        }
        self.stir(team);
    }

    /// The cases of a worker in the order in which they were received; give the list back to `hand`.
    pub(super) fn cases_in_order(&mut self, worker: u32) -> Vec<u32> {
        let mut hand = self.take_hand();
        hand.extend(self.worker(worker).held());
        hand.sort_unstable_by_key(|case| self.case(*case).received);
        hand
    }

    /// Works out which of the children of a case's family that a worker holds is the first, and what each asks.
    fn weigh_family(&mut self, case: u32, worker: u32) {
        let world = self.world;
        let mut at = self.board.cases.eldest(case);
        let mut is_first = true;
        while at != NOBODY {
            let child = self.case(at);
            let next = child.sibling;
            if child.state == State::Held && child.worker == worker {
                let demand = Demand::of(child.stage, is_first);
                let board = &mut *self.board;
                let (at, holder) = (
                    &mut board.cases.list[at as usize],
                    &mut board.workers[worker as usize],
                );
                let classes = (&mut board.class_needs, &mut board.class_handovers);
                weigh(at, holder, demand, classes, world);
                is_first = false;
            }
            at = next;
        }
    }

    /// Room may have come: where anyone waits, the team's list is looked through at the end of the instant.
    #[inline]
    pub(super) fn stir(&mut self, team: u16) {
        let is_empty = self.board.queues[team as usize].is_empty();
        if is_empty && (!self.shares_room || self.board.units_waiting == 0) {
            return;
        }
        self.board.stirred.insert(team as usize);
        self.is_stirred = true;
    }
}

/// Puts another demand of a case into the sums of its worker. All are multiples of one small unit, so that to put the
/// same demand in its own place changes nothing.
///
/// * `classes` - needs, and those of cases in handover, each [worker x classes + class]
#[inline(always)]
fn weigh(
    at: &mut Case,
    holder: &mut Worker,
    demand: Demand,
    classes: (&mut Vec<f64>, &mut Vec<f64>),
    world: &World,
) {
    let before = std::mem::replace(&mut at.demand, demand);
    let (need, points, class) = demand.amounts(&world.stages);
    let (need_before, points_before, class_before) = before.amounts(&world.stages);
    holder.need += need - need_before;
    holder.points += points - points_before;
    holder.families += u32::from(demand.is_first);
    holder.families -= u32::from(before.is_first);
    if at.is_in_handover {
        holder.handover_need += need - need_before;
    }
    if world.classes > 1 {
        let from = at.worker as usize * world.classes;
        let (needs, handovers) = classes;
        needs[from + class_before] -= need_before;
        needs[from + class] += need;
        if at.is_in_handover {
            handovers[from + class_before] -= need_before;
            handovers[from + class] += need;
        }
    }
}
