//! Cases without a worker: how they wait together, rise, and outlast a manager's patience.

use crate::engine::case::{NOBODY, State};
use crate::engine::play::{Moment, Play};
use crate::engine::queue::{self, Unit};
use crate::model::pathway::DeadlineOf;
use crate::random::draw::draw;
use crate::random::stream::{Kind, Purpose};

impl Play<'_> {
    /// An open case without a worker begins to wait for its team; its clocks must stand still.
    pub(super) fn start_waiting(&mut self, case: u32) {
        self.become_unallocated(case);
        self.join_unit(case);
        self.schedule_still(case);
    }

    /// The same for several children of a family, none of whom is on a list: those who wait for the same team come on its
    /// list together, which is where one after the other would end too.
    pub(super) fn start_waiting_together(&mut self, cases: &[u32]) {
        for case in cases {
            self.become_unallocated(*case);
        }
        for case in cases {
            if self.case(*case).unit == NOBODY {
                self.join_unit(*case);
            }
            self.schedule_still(*case);
        }
    }

    /// An open case counts as one without a worker from now on; it is on no list yet.
    fn become_unallocated(&mut self, case: u32) {
        let now = self.now;
        let at = self.case(case);
        let home = self.home(case, at.stage);
        if home != at.team {
            // A team that helped out gives it back.
            self.move_team(case, home);
        }
        let sequence = self.sequence;
        self.sequence += 1;
        let at = self.case_mut(case);
        at.state = State::Waiting;
        at.worker = NOBODY;
        at.since = now;
        at.waiting_since = now;
        at.is_split = false;
        at.waits += 1;
        at.sequence = sequence;
        let (team, stage) = (at.team, at.stage);
        #[cfg(test)]
        self.note(crate::engine::play::What::Waits, case, NOBODY);
        self.case_mut(case).worker_due = self.due(stage, DeadlineOf::Allocation);
        self.board.observer.change_cases(team, now, 0.0, 1.0);
        self.board.observer.change_stage(stage, now, 0.0, 1.0);
    }

    /// Team that takes a stage of a case by its area.
    pub(super) fn home(&self, case: u32, stage: u16) -> u16 {
        let area = self.board.cases.families[self.case(case).family as usize].area;
        self.world.team_of(area, stage)
    }

    /// Puts a waiting case on its team's list, with the siblings that wait for the same team.
    pub(super) fn join_unit(&mut self, case: u32) {
        let team = self.case(case).team;
        let mut group = std::mem::take(&mut self.board.group);
        group.clear();
        if self.board.cases.is_only_child(case) || self.case(case).is_split {
            group.push(case);
        } else {
            self.siblings(case, &mut group, |child| {
                child.state == State::Waiting && child.team == team && !child.is_split
            });
            let others = group.iter().filter(|child| **child != case);
            let unit = others
                .map(|child| self.case(*child).unit)
                .find(|unit| *unit != NOBODY);
            if let Some(unit) = unit {
                self.strike(unit, team);
            }
        }
        self.enlist(&group, team);
        self.board.group = group;
    }

    /// Takes a case off its team's list; the siblings that waited with it go on waiting.
    pub(super) fn leave_unit(&mut self, case: u32) {
        let at = self.case(case);
        let (team, unit) = (at.team, at.unit);
        self.strike(unit, team);
        self.case_mut(case).unit = NOBODY;
        if self.board.cases.is_only_child(case) {
            return;
        }
        let mut group = std::mem::take(&mut self.board.group);
        group.clear();
        self.siblings(case, &mut group, |child| {
            child.state == State::Waiting && child.team == team && child.unit == unit
        });
        if !group.is_empty() {
            self.enlist(&group, team);
        }
        self.board.group = group;
    }

    /// Takes a unit off the list.
    pub(super) fn strike(&mut self, unit: u32, team: u16) {
        let need = self.board.units[unit as usize].need;
        self.take_off(unit, team);
        self.board
            .observer
            .change_waiting_need(team, self.now, -need);
    }

    /// The same, the need of those who wait left as it is: the unit is entered again in this instant.
    fn take_off(&mut self, unit: u32, team: u16) {
        let entry = self.board.units[unit as usize];
        let queue = &mut self.board.queues[team as usize];
        queue.remove(entry.place);
        self.board.units_waiting -= 1;
        let forced = u32::from(entry.is_expired || entry.is_urgent);
        queue.forced -= forced;
        self.board.units_forced -= forced;
        queue.lendable -= u32::from(entry.is_lendable);
        if !self.board.managed.is_empty() {
            self.release_unit(unit);
        }
        // Another unit may move up to a manager's desk.
        self.is_stirred |= self.phase.manager_holds.is_some();
        let slot = self.unit_slot(unit);
        self.board.agenda.clear(slot);
    }

    /// The children of a unit leave the managers' desks.
    fn release_unit(&mut self, unit: u32) {
        let mut at = self.board.cases.eldest(unit);
        while at != NOBODY {
            let child = self.case(at);
            let next = child.sibling;
            if child.is_managed && child.unit == unit {
                self.release(at);
            }
            at = next;
        }
    }

    /// Enters cases of one family that wait for the same team, in order of number, as one unit.
    fn enlist(&mut self, group: &[u32], team: u16) {
        self.enter(group, team);
        let need = self.board.units[group[0] as usize].need;
        self.board
            .observer
            .change_waiting_need(team, self.now, need);
    }

    /// The same, the need of those who wait left as it is.
    fn enter(&mut self, group: &[u32], team: u16) {
        let now = self.now;
        let unit = group[0];
        let choices = self.choices(team);
        let order = choices.order;
        let (mut since, mut sequence, mut precedence) = (f64::INFINITY, u32::MAX, u8::MAX);
        let (mut is_transfer, mut due, mut need) = (false, f64::INFINITY, 0.0);
        let mut is_urgent = false;
        for child in group {
            let at = self.case_mut(*child);
            at.unit = unit;
            since = since.min(at.waiting_since);
            sequence = sequence.min(at.sequence);
            is_transfer |= at.was_allocated;
            due = due.min(at.worker_due);
            let stage = self.case(*child).stage as usize;
            is_urgent |= choices.is_never_queued(stage);
            let table = &self.world.stages[stage];
            precedence = precedence.min(table.precedence);
            need += if *child == unit {
                table.hours
            } else {
                table.sibling_hours
            };
        }
        let calendar = &self.world.scenario.calendar;
        let rises_at = order.rises_at(since, due, calendar);
        let patience_ends = since + self.patience_of(unit);
        let lends_at = choices
            .lend_after_working_days
            .map_or(f64::INFINITY, |days| {
                calendar.after_working_days(since, days)
            });
        let splits_at = match &choices.limit {
            Some(limit) if group.len() > 1 && limit.family_overshoot.is_some() => {
                calendar.after_working_days(since, limit.split_after_working_days)
            }
            _ => f64::INFINITY,
        };
        let mut entry = Unit {
            place: 0,
            rises_at,
            has_risen: rises_at <= now,
            patience_ends,
            is_expired: patience_ends <= now,
            is_urgent,
            lends_at,
            is_lendable: lends_at <= now,
            splits_at,
            need,
        };
        entry.place = queue::place(
            entry.has_risen,
            precedence,
            order.yields(is_transfer),
            since,
            sequence,
        );
        self.board.units[unit as usize] = entry;
        let queue = &mut self.board.queues[team as usize];
        queue.insert(entry.place, unit);
        self.board.units_waiting += 1;
        let forced = u32::from(entry.is_expired || entry.is_urgent);
        queue.forced += forced;
        self.board.units_forced += forced;
        queue.lendable += u32::from(entry.is_lendable);
        self.board.stirred.insert(team as usize);
        self.is_stirred = true;
        self.schedule_unit(unit, &entry);
    }

    /// How long the manager holds to the limit for a unit [days]: one draw, of the case that stands for it.
    fn patience_of(&self, unit: u32) -> f64 {
        let Some(law) = self
            .choices(self.case(unit).team)
            .limit
            .as_ref()
            .and_then(|limit| limit.patience.as_ref())
        else {
            return f64::INFINITY;
        };
        let at = self.case(unit);
        let mut stream = self.luck.stream(
            Kind::Child,
            at.identity,
            u64::from(at.waits),
            Purpose::Patience,
        );
        draw(law, &mut stream)
    }

    /// * `entry` - as it stands on the list, at hand without a wait for memory
    fn schedule_unit(&mut self, unit: u32, entry: &Unit) {
        let mut time = f64::INFINITY;
        if !entry.has_risen {
            time = entry.rises_at;
        }
        if !entry.is_expired {
            time = time.min(entry.patience_ends);
        }
        if !entry.is_lendable {
            time = time.min(entry.lends_at);
        }
        // Under choices that have just begun, the time may have passed already.
        time = time.min(entry.splits_at.max(self.now));
        let slot = self.unit_slot(unit);
        if time == f64::INFINITY {
            self.board.agenda.clear(slot);
            return;
        }
        let number = self.case(unit).number;
        self.board
            .agenda
            .set(slot, time, Moment::Patience.of_case(None, number));
    }

    /// A unit rises to the top, may be lent or is split, or the manager's patience with it ends.
    pub(super) fn unit_due(&mut self, unit: u32) {
        self.relist(unit);
    }

    /// Enters a unit anew, as the policy and the clock now have it.
    fn relist(&mut self, unit: u32) {
        let team = self.case(unit).team;
        let mut group = std::mem::take(&mut self.board.group);
        group.clear();
        group.extend(self.waiting_in(unit));
        let is_due = self.board.units[unit as usize].splits_at <= self.now;
        // A limit that does not bind splits nobody: a family may also wait because nobody can be asked.
        let is_split = is_due && self.is_kept_by_limit(unit, team);
        if is_split {
            self.strike(unit, team);
            for child in &group {
                self.case_mut(*child).is_split = true;
                self.enlist(std::slice::from_ref(child), team);
            }
        } else {
            // Nothing changes for those who wait, so that no integral is split and no last digit moves.
            self.take_off(unit, team);
            self.enter(&group, team);
            if is_due {
                // Asked again at the end of the next working day.
                let entry = &mut self.board.units[unit as usize];
                entry.splits_at = self.world.scenario.calendar.after_working_days(self.now, 1);
                let entry = *entry;
                self.schedule_unit(unit, &entry);
            }
        }
        self.board.group = group;
    }

    /// Enters all units anew: another policy begins.
    pub(super) fn relist_all(&mut self) {
        let mut hand = self.take_hand();
        for queue in &self.board.queues {
            hand.extend(queue.iter());
        }
        for unit in &hand {
            self.relist(*unit);
        }
        self.board.hand = hand;
    }
}
