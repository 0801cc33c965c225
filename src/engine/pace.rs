//! The pace of a worker: what it does in a stretch of time, and when its next case ends.

use crate::engine::case::NOBODY;
use crate::engine::play::{Moment, Play};
use crate::engine::sums::{GradeSum, RECORDS, Sum};
use crate::engine::worker::Which;
use crate::model::strain;
use crate::policy::arrow::Arrow;
use crate::scenario::sections::Overtime;

const DAYS_PER_WEEK: f64 = 7.0;

impl Play<'_> {
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
        let (mut given, mut paid) = (0.0, 0.0);
        let overtime_hours = holder.overtime * days / DAYS_PER_WEEK;
        match scenario.overload.overtime {
            Overtime::Toil if holder.toil_rate != 0.0 && !holder.is_absent => {
                let owed = holder.toil + holder.toil_rate * days;
                let most = scenario.overload.toil_max_hours.unwrap_or(f64::INFINITY);
                given = (owed - most).max(0.0);
                holder.toil = owed.clamp(0.0, most);
            }
            Overtime::Toil => {}
            Overtime::Paid => paid = overtime_hours,
            Overtime::Unpaid => given = overtime_hours,
        }
        if !RECORDS {
            return;
        }
        let sums = observer.sums_of_team(holder.team);
        sums[Sum::HeadDays as usize] += days;
        sums[Sum::Strain as usize] += stretch.integral;
        if stretch.above > 0.0 {
            sums[Sum::BurntOut as usize] += stretch.above;
            if holder.burnout_from >= 0.0 {
                sums[Sum::Attributable as usize] += stretch.above;
            }
            observer.sums_of_grade(holder.grade)[GradeSum::BurntOut as usize] += stretch.above;
            if !holder.was_burnt_out {
                holder.was_burnt_out = true;
                observer.burnt_people += 1;
            }
        }
        let sums = observer.sums_of_team(holder.team);
        sums[Sum::Need as usize] += holder.paced_need * days;
        if !holder.is_agency {
            sums[Sum::PermanentDays as usize] += days;
        }
        if let Some(cost) = scenario.grades[holder.grade as usize].cost_per_year {
            sums[Sum::Salaries as usize] += cost * days / self.days_of_year;
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
            sums[Sum::HoursGiven as usize] += given;
            sums[Sum::OvertimePaid as usize] += paid;
        }
        let (is_absent, ratio, fte) = (holder.is_absent, holder.ratio, holder.fte);
        let sums = observer.sums_of_grade(holder.grade);
        sums[GradeSum::HeadDays as usize] += days;
        sums[GradeSum::FteDays as usize] += fte * days;
        if !is_absent {
            sums[GradeSum::PresentDays as usize] += days;
            sums[GradeSum::Ratio as usize] += ratio * days;
        }
    }

    /// Works out a worker's pace anew after the person changed, and when its next case ends.
    pub(super) fn refresh(&mut self, worker: u32) {
        self.accrue(worker);
        if !self.worker(worker).is_present {
            let slot = self.work_slot(worker);
            self.board.agenda.clear(slot);
            return;
        }
        self.set_pace(worker);
        if self.world.has_pace {
            self.schedule_work(worker);
        }
        self.cover_fields(worker);
        self.place(worker);
    }

    /// The same after a case came or went.
    #[inline]
    pub(super) fn rework(&mut self, worker: u32) {
        self.repace(worker);
        self.replace(worker);
    }

    /// A worker's pace after a case came, went or changed its stage, and when its next case ends: the pace holds while
    /// the need is what it was.
    #[inline]
    pub(super) fn repace(&mut self, worker: u32) {
        let holder = self.worker(worker);
        let is_as_before =
            holder.need == holder.paced_need && holder.handover_need == holder.paced_handover;
        if !is_as_before || self.world.classes > 1 {
            self.change_pace(worker);
        }
        if self.world.has_pace {
            self.schedule_work(worker);
        }
    }

    #[inline(never)]
    fn change_pace(&mut self, worker: u32) {
        self.accrue(worker);
        self.set_pace(worker);
        self.cover_fields(worker);
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
        let need = holder.need;
        holder.paced_need = need;
        holder.paced_handover = holder.handover_need;
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
            let share = coverage.min(overload.speed_max);
            let mut worked = need * share;
            // What a case in handover would get is worked, on taking it up, but nothing of it is delivered.
            let mut undelivered = holder.handover_need * share;
            if world.classes == 1 || coverage >= 1.0 {
                let (speed, unmet_need) = pace(coverage);
                for clock in clocks.iter_mut() {
                    clock.set(now, speed, unmet_need);
                }
            } else {
                let needs =
                    &self.board.class_needs[worker as usize * world.classes..][..world.classes];
                let in_handover = &self.board.class_handovers[worker as usize * world.classes..];
                let mut left = supply + overtime;
                worked = left;
                undelivered = 0.0;
                for ((clock, need), handover) in clocks.iter_mut().zip(needs).zip(in_handover) {
                    let share = if *need > 0.0 {
                        (left / need).min(1.0)
                    } else {
                        1.0
                    };
                    undelivered += handover * share;
                    left = (left - need).max(0.0);
                    let (speed, unmet_need) = pace(share);
                    clock.set(now, speed, unmet_need);
                }
            }
            holder.ratio = ratio;
            holder.supply = supply;
            holder.overtime = overtime;
            holder.delivered = worked - undelivered;
            holder.unused = (supply - worked).max(0.0);
            holder.toil_rate = if overload.overtime == Overtime::Toil {
                (overtime - overload.toil_back * holder.unused) / DAYS_PER_WEEK
            } else {
                0.0
            };
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

    /// Finds the first of the clocks to end that run at a worker's pace: of equal times, the lowest case number.
    fn schedule_work(&mut self, worker: u32) {
        let world = self.world;
        let slot = self.work_slot(worker);
        let board = &mut *self.board;
        let holder = &mut board.workers[worker as usize];
        let clocks = &board.clocks[worker as usize * world.classes..][..world.classes];
        let firsts = board.firsts.of(worker);
        let effects = &board.effects;
        let (mut time, mut number, mut due) = (f64::INFINITY, u32::MAX, (NOBODY, Which::Work));
        let mut is_first = |ends_at: f64, of: (u32, u32), which: Which| {
            if ends_at < time || (ends_at == time && of.1 < number) {
                (time, number, due) = (ends_at, of.1, (of.0, which));
            }
        };
        if let [clock] = clocks {
            // A single clock keeps the order of the readings.
            let (work, risks) = firsts.split_at_mut(1);
            let first = holder.lines.first_work(&mut work[0]);
            if first.reading < f64::INFINITY {
                let ends_at = clock.time_of_work(first.reading);
                is_first(ends_at, (first.case, first.number), Which::Work);
            }
            for (effect, (first, k)) in risks.iter_mut().zip(effects).enumerate() {
                let first = holder.lines.first_hastened((effect, effects.len()), first);
                if first.reading < f64::INFINITY {
                    let ends_at = clock.time_of_risk(first.reading, *k);
                    let which = Which::Hastened(effect as u32);
                    is_first(ends_at, (first.case, first.number), which);
                }
            }
        } else {
            let clock = |case: u32| {
                let stage = board.cases.list[case as usize].stage;
                &clocks[world.stages[stage as usize].class as usize]
            };
            let lines = &holder.lines;
            for at in lines.iter().filter(|at| at.work_ends < f64::INFINITY) {
                let ends_at = clock(at.case).time_of_work(at.work_ends);
                is_first(ends_at, (at.case, at.number), Which::Work);
            }
            for (effect, k) in effects.iter().enumerate() {
                let readings = lines.hastened(effect, effects.len());
                for (at, reading) in lines.iter().zip(readings) {
                    if *reading < f64::INFINITY {
                        let ends_at = clock(at.case).time_of_risk(*reading, *k);
                        let which = Which::Hastened(effect as u32);
                        is_first(ends_at, (at.case, at.number), which);
                    }
                }
            }
        }
        if due.0 == NOBODY {
            board.agenda.clear(slot);
            return;
        }
        let order = Moment::Exit.of_case(Some(holder.post), number);
        holder.due = due;
        // A change of pace may put an end a rounding before now.
        board.agenda.set(slot, time.max(self.now), order);
    }

    /// A case that ran at its worker's pace leaves its stage.
    pub(super) fn work_due(&mut self, worker: u32) {
        let (case, which) = self.worker(worker).due;
        self.stop_clocks(case);
        self.leave_stage(case, which);
    }
}
