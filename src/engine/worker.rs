//! A worker: what one incumbent holds, how fast the work goes, and what it does to the person.
//!
//! Work under load is exact without a time step: each worker has a clock that runs at the speed of
//! the work, a case's end is fixed on that clock when its work begins, and only the clock's speed
//! changes. A second clock, of unmet need, serves the risks in the same way.

use crate::engine::hazard::Field;
use crate::engine::lines::Lines;
use crate::engine::sums::Grid;
use crate::policy::limit::{Holder, Measure};

/// The two clocks of a worker, or of one priority class of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// Reading of the work clock at `set`, and its speed.
    work: f64,
    pub(super) speed: f64,
    /// Integral of unmet need at `set`, and the unmet need since.
    unmet: f64,
    pub(super) unmet_need: f64,
    set: f64,
}

impl Clock {
    /// A clock at full speed and without unmet need reads the calendar.
    pub(super) fn new() -> Clock {
        Clock {
            work: 0.0,
            speed: 1.0,
            unmet: 0.0,
            unmet_need: 0.0,
            set: 0.0,
        }
    }

    pub(super) fn work_at(&self, time: f64) -> f64 {
        // At speed 1 the reading is the calendar plus a constant: fixed durations then end exactly.
        if self.speed == 1.0 {
            time + (self.work - self.set)
        } else {
            self.work + self.speed * (time - self.set)
        }
    }

    pub(super) fn unmet_at(&self, time: f64) -> f64 {
        self.unmet + self.unmet_need * (time - self.set)
    }

    /// When the work clock reads a number; infinity where it stands still.
    pub(super) fn time_of_work(&self, reading: f64) -> f64 {
        if self.speed == 1.0 {
            reading - (self.work - self.set)
        } else if self.speed > 0.0 {
            self.set + (reading - self.work) / self.speed
        } else {
            f64::INFINITY
        }
    }

    /// When the calendar plus `effect` times the integral of unmet need reads a number.
    pub(super) fn time_of_risk(&self, reading: f64, effect: f64) -> f64 {
        let rate = effect * self.unmet_need;
        if rate == 0.0 {
            return reading - effect * self.unmet;
        }
        (reading - effect * self.unmet + rate * self.set) / (1.0 + rate)
    }

    /// Goes on at another pace.
    pub(super) fn set(&mut self, now: f64, speed: f64, unmet_need: f64) {
        if speed != self.speed || unmet_need != self.unmet_need {
            let (work, unmet) = (self.work_at(now), self.unmet_at(now));
            *self = Clock {
                work,
                speed,
                unmet,
                unmet_need,
                set: now,
            };
        }
    }
}

/// Which of a case's clocks is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Work,
    /// The first of the risks that run with the calendar, whatever is unmet.
    Risk,
    /// A risk that unmet need hastens, by index of its effect.
    Hastened(u32),
    Withdrawal,
}

/// One worker slot: the incumbent of a post, or its agency cover.
///
/// Its fields stand in the order in which they are used together: what every case that comes or goes asks; the rates
/// and strain, which change with the pace; the person and what is due for it.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub(super) struct Worker {
    /// The cases it holds, and when their clocks end that keep its pace.
    pub(super) lines: Lines,
    /// Direct work that the cases need [hours a week].
    pub(super) need: f64,
    /// The need that the rates below were worked out for.
    pub(super) paced_need: f64,

    /// Part of the need that is of cases in handover, who get nothing of it, and what the rates were worked out for
    /// [hours a week].
    pub(super) handover_need: f64,
    pub(super) paced_handover: f64,

    /// Weight of all cases [units of `World::points`].
    pub(super) points: f64,
    pub(super) families: u32,
    pub(super) post: u32,
    pub(super) team: u16,
    pub(super) grade: u16,
    pub(super) is_present: bool,
    pub(super) is_absent: bool,
    pub(super) is_leaving: bool,
    /// Agency worker whose post has been filled.
    pub(super) is_overlapping: bool,
    pub(super) is_agency: bool,
    pub(super) was_burnt_out: bool,
    /// Serial number of the person in the replication.
    pub(super) person: u32,
    /// Case and clock of the next exit; `u32::MAX` as long as there has been none.
    pub(super) due: (u32, Which),
    /// Load above the limit that the last allocations put there, in the measure of the limit.
    pub(super) excused: f64,
    pub(super) fte: f64,

    /// From when the rates below hold [days].
    pub(super) since: f64,
    pub(super) strain: f64,
    pub(super) strain_target: f64,
    /// Strain above which the person is burnt out.
    pub(super) burnout_from: f64,
    /// Change of time owed [hours a day].
    pub(super) toil_rate: f64,
    pub(super) toil: f64,
    pub(super) ratio: f64,
    pub(super) supply: f64,
    pub(super) unused: f64,
    pub(super) overtime: f64,
    pub(super) delivered: f64,
    /// Contract [hours a week].
    pub(super) hours: f64,
    /// `S0` [hours a week].
    pub(super) nominal_supply: f64,
    /// Strain up to which the two fields are drawn [SD].
    pub(super) covered: f64,

    pub(super) ramp_limit: f64,
    pub(super) disposition: f64,
    /// Which incumbent of the post this is.
    pub(super) incumbent: u32,
    pub(super) absences: u32,
    /// First day in post, before the origin for those there at the start [days].
    pub(super) started: f64,
    pub(super) leaving: Field,
    pub(super) absence: Field,
    pub(super) absence_ends: f64,
    pub(super) cover_at: f64,
    pub(super) leaves_at: f64,
    pub(super) overlap_ends: f64,
    /// Next step of the ramp or promotion.
    pub(super) grows_at: f64,
}

impl Worker {
    /// The cases it holds, by index, in no order.
    pub(super) fn held(&self) -> impl Iterator<Item = u32> + '_ {
        self.lines.iter().map(|held| held.case)
    }

    /// An empty slot.
    pub(super) fn vacant(post: u32, team: u16, is_agency: bool) -> Worker {
        Worker {
            is_present: false,
            is_absent: false,
            is_leaving: false,
            is_overlapping: false,
            is_agency,
            post,
            team,
            grade: 0,
            person: u32::MAX,
            incumbent: 0,
            started: 0.0,
            fte: 0.0,
            hours: 0.0,
            ramp_limit: 1.0,
            nominal_supply: 0.0,
            lines: Lines::default(),
            families: 0,
            points: 0.0,
            handover_need: 0.0,
            paced_handover: 0.0,
            due: (u32::MAX, Which::Work),
            excused: 0.0,
            need: 0.0,
            since: 0.0,
            paced_need: 0.0,
            ratio: 0.0,
            supply: 0.0,
            unused: 0.0,
            overtime: 0.0,
            delivered: 0.0,
            toil_rate: 0.0,
            toil: 0.0,
            disposition: 0.0,
            strain: 0.0,
            strain_target: 0.0,
            burnout_from: f64::INFINITY,
            was_burnt_out: false,
            covered: f64::NEG_INFINITY,
            leaving: Field::default(),
            absence: Field::default(),
            absences: 0,
            absence_ends: f64::INFINITY,
            cover_at: f64::INFINITY,
            leaves_at: f64::INFINITY,
            overlap_ends: f64::INFINITY,
            grows_at: f64::INFINITY,
        }
    }

    /// Empties the slot for another replication or person, keeping its memory.
    pub(super) fn empty(&mut self) {
        let mut lines = std::mem::take(&mut self.lines);
        let (leaving, absence) = (
            std::mem::take(&mut self.leaving),
            std::mem::take(&mut self.absence),
        );
        lines.clear();
        *self = Worker {
            lines,
            leaving,
            absence,
            ..Worker::vacant(self.post, self.team, self.is_agency)
        };
    }

    /// As a limit sees this worker.
    pub(super) fn for_limit(&self) -> Holder {
        Holder {
            grade: self.grade as usize,
            fte: self.fte,
            ramp_limit: self.ramp_limit,
            supply: self.nominal_supply,
        }
    }

    /// What it holds, in a measure.
    ///
    /// * `points` - the unit in which points are summed
    #[inline]
    pub(super) fn load(&self, measure: Measure, points: Grid) -> f64 {
        match measure {
            Measure::Cases => self.lines.len() as f64,
            Measure::Families => f64::from(self.families),
            Measure::Points => points.quantity(self.points),
            Measure::Hours => self.need,
        }
    }

    /// May this worker be asked to take a case at all?
    pub(super) fn may_be_asked(&self) -> bool {
        self.is_present
            && !self.is_absent
            && !self.is_leaving
            && !self.is_overlapping
            && self.nominal_supply > 0.0
            && self.ramp_limit > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_never_hurried_reads_the_calendar_exactly() {
        let mut clock = Clock::new();
        clock.set(3.3, 1.0, 0.0);
        let reading = clock.work_at(10.3) + 8.0;
        assert_eq!(clock.time_of_work(reading), 18.3);
    }

    #[test]
    fn an_end_fixed_on_the_clock_moves_with_its_speed() {
        let mut clock = Clock::new();
        let reading = clock.work_at(0.0) + 10.0;
        clock.set(4.0, 0.5, 0.5);
        assert_eq!(clock.time_of_work(reading), 16.0);
        clock.set(10.0, 1.0, 0.0);
        assert_eq!(clock.time_of_work(reading), 13.0);
        // 4 days without and 6 with half the need unmet: 10 + 2 x 3 days of a risk with k = 2.
        assert_eq!(clock.time_of_risk(16.0, 2.0), 10.0);
        assert_eq!(clock.time_of_risk(18.0, 2.0), 12.0);
        clock.set(12.0, 0.0, 1.0);
        assert_eq!(clock.time_of_work(reading), f64::INFINITY);
    }
}
