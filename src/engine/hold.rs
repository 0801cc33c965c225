//! A worker and the cases it holds: taking one, letting one go, and the pace of the work.

use crate::engine::case::{NOBODY, State};
use crate::engine::observer::{GradeSum, Sum};
use crate::engine::play::{Moment, Play};
use crate::engine::worker::{Line, Which};
use crate::model::strain;
use crate::policy::arrow::Arrow;

const DAYS_PER_WEEK: f64 = 7.0;

impl Play<'_> {
    /// Gives an unallocated case, off the list already and with its clocks settled, to a worker.
    pub(super) fn hold(&mut self, case: u32, worker: u32) {
        #[cfg(test)]
        self.note(crate::engine::play::What::Held, case, worker);
        let now = self.now;
        let world = self.world;
        let effects = world.effects.len();
        let person = self.worker(worker).person;
        let handover = self.handover_days;
        let at = self.case_mut(case);
        let is_transfer = at.was_allocated && at.former != person;
        at.state = State::Held;
        at.worker = worker;
        at.former = person;
        at.was_allocated = true;
        at.handover_ends = if is_transfer && handover > 0.0 {
            now + handover
        } else {
            now
        };
        at.worker_due = f64::INFINITY;
        let line = Line {
            case,
            number: at.number,
            family: at.family,
            class: 0,
            is_first: true,
            is_active: false,
            is_paced: true,
            need: 0.0,
            work_ends: f64::INFINITY,
        };
        let team = at.team;
        let holder = self.worker_mut(worker);
        holder.lines.push(line);
        let length = holder.risk_ends.len() + effects;
        holder.risk_ends.resize(length, f64::INFINITY);
        if holder.lines.len() == 1 {
            let fte = holder.fte;
            self.board.observer.change_staff(team, now, |level| {
                level.heads_with_case += 1.0;
                level.fte_with_case += fte;
            });
        }
        self.restage(case);
    }

    /// Fits the worker's line to the stage of its case, and starts the clocks unless they must stand still.
    pub(super) fn restage(&mut self, case: u32) {
        let at = self.case(case);
        let (worker, stage, family, ends) = (at.worker, at.stage, at.family, at.handover_ends);
        let table = &self.world.stages[stage as usize];
        let (class, paced) = (table.class, table.paced);
        let holder = self.worker_mut(worker);
        let is_absent = holder.is_absent;
        if let Some(line) = holder.lines.iter_mut().find(|line| line.case == case) {
            line.class = class;
            line.is_paced = paced;
            line.is_active = false;
        }
        self.case_mut(case).since = self.now;
        self.order_family(worker, family);
        if !is_absent && ends <= self.now {
            self.start_clocks(case);
        } else {
            self.schedule_still(case);
        }
        self.refresh(worker);
    }

    /// Takes a case, its clocks standing still, out of its worker's hands.
    pub(super) fn let_go(&mut self, case: u32) {
        let now = self.now;
        let effects = self.world.effects.len();
        let at = self.case(case);
        let (worker, family, team) = (at.worker, at.family, at.team);
        #[cfg(test)]
        self.note(crate::engine::play::What::LetGo, case, worker);
        let holder = self.worker_mut(worker);
        let Some(index) = holder.lines.iter().position(|line| line.case == case) else {
            return;
        };
        holder.lines.remove(index);
        holder
            .risk_ends
            .drain(index * effects..(index + 1) * effects);
        if holder.lines.is_empty() {
            let fte = holder.fte;
            self.board.observer.change_staff(team, now, |level| {
                level.heads_with_case -= 1.0;
                level.fte_with_case -= fte;
            });
        }
        self.case_mut(case).worker = NOBODY;
        let slot = self.case_slot(case);
        self.board.agenda.clear(slot);
        self.order_family(worker, family);
        self.refresh(worker);
        self.stir(team);
    }

    /// Sets which child of a family is the first with a worker, and what each needs.
    fn order_family(&mut self, worker: u32, family: u32) {
        let world = self.world;
        let sibling_hours = world.scenario.referrals.sibling_hours;
        let holder = &mut self.board.workers[worker as usize];
        let lowest = holder
            .lines
            .iter()
            .filter(|line| line.family == family)
            .map(|line| line.number)
            .min();
        for line in holder.lines.iter_mut().filter(|line| line.family == family) {
            line.is_first = Some(line.number) == lowest;
            let hours =
                world.stages[self.board.cases.list[line.case as usize].stage as usize].hours;
            line.need = if line.is_first {
                hours
            } else {
                hours * sibling_hours
            };
        }
    }

    /// Room may have come: the team's list is looked through at the end of the instant.
    pub(super) fn stir(&mut self, team: u16) {
        self.board.queues[team as usize].is_stirred = true;
        self.is_stirred = true;
    }

    /// Writes down what a worker did since its rates last changed, and brings strain and time owed up to now.
    pub(super) fn accrue(&mut self, worker: u32) {
        let now = self.now;
        let scenario = &self.world.scenario;
        let observer = &mut self.board.observer;
        let holder = &mut self.board.workers[worker as usize];
        let days = now - holder.since;
        holder.since = now;
        if !holder.is_present || days <= 0.0 {
            return;
        }
        let stretch = strain::stretch(
            holder.strain,
            holder.strain_target,
            scenario.strain.tau_days,
            days,
            holder.burnout_from,
        );
        holder.strain = stretch.end;
        if stretch.above > 0.0 && !holder.was_burnt_out {
            holder.was_burnt_out = true;
            observer.burnt_people += 1;
        }
        let sums = observer.sums_of_team(holder.team);
        sums[Sum::HeadDays as usize] += days;
        sums[Sum::Strain as usize] += stretch.integral;
        sums[Sum::BurntOut as usize] += stretch.above;
        if holder.burnout_from >= 0.0 {
            sums[Sum::Attributable as usize] += stretch.above;
        }
        sums[Sum::Need as usize] += holder.need * days;
        if !holder.is_agency {
            sums[Sum::PermanentDays as usize] += days;
        }
        if let Some(cost) = scenario.grades[holder.grade as usize].cost_per_year {
            sums[Sum::Salaries as usize] += cost * days;
        }
        if holder.is_absent {
            if !holder.is_agency {
                sums[Sum::AbsentDays as usize] += days;
            }
        } else {
            sums[Sum::PresentDays as usize] += days;
            sums[Sum::Ratio as usize] += holder.ratio * days;
            if holder.ratio > 1.0 {
                sums[Sum::Overloaded as usize] += days;
            }
            sums[Sum::Supply as usize] += holder.supply * days;
            sums[Sum::Unused as usize] += holder.unused * days;
            sums[Sum::Delivered as usize] += holder.delivered * days;
            sums[Sum::Overtime as usize] += holder.overtime * days;
            if holder.toil_rate != 0.0 {
                let owed = holder.toil + holder.toil_rate * days;
                let most = scenario.overload.toil_max_hours.unwrap_or(f64::INFINITY);
                sums[Sum::HoursGiven as usize] += (owed - most).max(0.0);
                holder.toil = owed.clamp(0.0, most);
            }
        }
        let (is_absent, ratio, fte) = (holder.is_absent, holder.ratio, holder.fte);
        let sums = observer.sums_of_grade(holder.grade);
        sums[GradeSum::HeadDays as usize] += days;
        sums[GradeSum::FteDays as usize] += fte * days;
        sums[GradeSum::BurntOut as usize] += stretch.above;
        if !is_absent {
            sums[GradeSum::PresentDays as usize] += days;
            sums[GradeSum::Ratio as usize] += ratio * days;
        }
    }

    /// Works out a worker's pace anew after its cases or the person changed, and when its next case ends.
    pub(super) fn refresh(&mut self, worker: u32) {
        self.accrue(worker);
        if !self.worker(worker).is_present {
            let slot = self.work_slot(worker);
            self.board.agenda.clear(slot);
            return;
        }
        self.set_pace(worker);
        self.schedule_work(worker);
        self.cover_fields(worker);
        self.place(worker);
    }

    /// Demand, supply, overtime, coverage and strain's target, by the formulas on the front page of the library.
    fn set_pace(&mut self, worker: u32) {
        let now = self.now;
        let world = self.world;
        let overload = &world.scenario.overload;
        let strain = &world.scenario.strain;
        let slows = !self.is_cut(Arrow::OverloadSlowsWork);
        let holder = &mut self.board.workers[worker as usize];
        let clocks = &mut self.board.clocks[worker as usize * world.classes..][..world.classes];
        let need: f64 = holder.lines.iter().map(|line| line.need).sum();
        holder.need = need;
        holder.families = holder
            .lines
            .iter()
            .map(|line| u32::from(line.is_first))
            .sum();
        let nominal = holder.nominal_supply;
        let can_work = !holder.is_absent && nominal > 0.0;
        if !can_work {
            // Nothing is supplied and nothing asked of the person; the case's own slot keeps its clocks.
            holder.ratio = 0.0;
            holder.supply = 0.0;
            holder.unused = 0.0;
            holder.overtime = 0.0;
            holder.delivered = 0.0;
            holder.toil_rate = 0.0;
            for clock in clocks.iter_mut() {
                let unmet_need = if need > 0.0 { 1.0 } else { 0.0 };
                clock.set(now, if need > 0.0 { 0.0 } else { 1.0 }, unmet_need);
            }
        } else {
            let ratio = need / nominal;
            let lost = overload.loss * (ratio - 1.0).max(0.0);
            let supply = nominal * (1.0 - lost).max(overload.floor.min(1.0));
            let most = overload.overtime_max * holder.hours;
            let overtime = (need - supply).clamp(0.0, most);
            // Overtime that covers all covers it exactly, whatever the rounding of the sum.
            let coverage = if need <= 0.0 {
                1.0
            } else if need <= supply {
                supply / need
            } else if need - supply <= most {
                1.0
            } else {
                (supply + overtime) / need
            };
            let pace = |q: f64| {
                if q >= 1.0 {
                    (q.min(overload.speed_max), 0.0)
                } else if q >= overload.thin || !slows {
                    (1.0, 1.0 - q)
                } else {
                    (q / overload.thin, 1.0 - q)
                }
            };
            let mut delivered = need * coverage.min(overload.speed_max);
            if world.classes == 1 || coverage >= 1.0 {
                let (speed, unmet_need) = pace(coverage);
                for clock in clocks.iter_mut() {
                    clock.set(now, speed, unmet_need);
                }
            } else {
                let needs = &mut self.board.class_need;
                needs.clear();
                needs.resize(world.classes, 0.0);
                for line in &holder.lines {
                    needs[line.class as usize] += line.need;
                }
                let mut left = supply + overtime;
                delivered = left;
                for (clock, need) in clocks.iter_mut().zip(needs.iter()) {
                    let share = if *need > 0.0 {
                        (left / need).min(1.0)
                    } else {
                        1.0
                    };
                    left = (left - need).max(0.0);
                    let (speed, unmet_need) = pace(share);
                    clock.set(now, speed, unmet_need);
                }
            }
            holder.ratio = ratio;
            holder.supply = supply;
            holder.overtime = overtime;
            holder.delivered = delivered;
            holder.unused = (supply - delivered).max(0.0);
            holder.toil_rate = (overtime - overload.toil_back * holder.unused) / DAYS_PER_WEEK;
        }
        holder.strain_target = strain.gain * (holder.ratio - strain.onset).max(0.0);
        if strain.tau_days == 0.0 {
            holder.strain = holder.strain_target;
            if holder.strain > holder.burnout_from && !holder.was_burnt_out {
                holder.was_burnt_out = true;
                self.board.observer.burnt_people += 1;
            }
        }
    }

    /// Finds the first of a worker's running clocks to end: of equal times, the lowest case number.
    fn schedule_work(&mut self, worker: u32) {
        let world = self.world;
        let effects = &self.board.effects;
        let holder = &mut self.board.workers[worker as usize];
        let clocks = &self.board.clocks[worker as usize * world.classes..][..world.classes];
        let (mut time, mut number) = (f64::INFINITY, u32::MAX);
        for (index, line) in holder
            .lines
            .iter()
            .enumerate()
            .filter(|(_, line)| line.is_active)
        {
            let clock = &clocks[line.class as usize];
            let ends = if line.is_paced {
                clock.time_of_work(line.work_ends)
            } else {
                line.work_ends
            };
            if ends < time || (ends == time && line.number < number) {
                (time, number) = (ends, line.number);
                holder.due = (index as u32, Which::Work);
            }
            for (effect, k) in effects.iter().enumerate() {
                let ends = clock.time_of_risk(holder.risk_ends[index * effects.len() + effect], *k);
                if ends < time || (ends == time && line.number < number) {
                    (time, number) = (ends, line.number);
                    holder.due = (index as u32, Which::Risk(effect as u32));
                }
            }
        }
        let post = holder.post;
        let slot = self.work_slot(worker);
        // A change of pace may put an end a rounding before now.
        self.board.agenda.set(
            slot,
            time.max(self.now),
            Moment::Exit.of_case(Some(post), number),
        );
    }

    /// A case that ran with its worker's clocks leaves its stage.
    pub(super) fn work_due(&mut self, worker: u32) {
        let holder = self.worker(worker);
        let (index, which) = holder.due;
        let case = holder.lines[index as usize].case;
        self.stop_clocks(case);
        self.leave_stage(case, which);
    }
}
