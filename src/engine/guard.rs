//! Why a replication ends before its horizon: somebody asked it to stop, or time stands still in it.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// Steps of work between two looks at the flag: events, cases opened, units looked at. A step takes well under a hundred
/// microseconds, so that the flag is seen within a tenth of a second.
const STEPS: usize = 1024;

/// Events in one instant beyond which time is taken to stand still. A service of ten million cases that all close on
/// one day is beyond what memory allows.
const MOST_AT_ONCE: u64 = if cfg!(test) { 100_000 } else { 10_000_000 };

/// Why a replication has no result.
#[derive(Clone, Debug, PartialEq)]
pub enum Unfinished {
    /// The flag was set before its end.
    Stopped,
    /// Something takes no time and begins again at once.
    Endless(Endless),
}

/// An instant without an end.
#[derive(Clone, Debug, PartialEq)]
pub struct Endless {
    /// What happened last, as words: `a return of a closed case`.
    pub what: &'static str,
    /// When, counted from the start of the scenario [days]; below 0 in the warm-up.
    pub day: f64,
    /// Events in this instant.
    pub events: u64,
}

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "time stands still at day {:.2}: {} events happened in one instant, the last of them {}\n  \
             something takes no time and begins again at once: give it a duration above 0 days",
            self.day, self.events, self.what
        )
    }
}

/// Counts the work of a replication, so that the flag is looked at often enough and an instant without an end is noticed.
/// It reads no clock and changes no result.
pub(super) struct Guard<'a> {
    stop: &'a AtomicBool,
    steps: usize,
    at_once: u64,
    is_stopped: bool,
}

impl Guard<'_> {
    /// * `stop` - once true, the replication ends
    pub(super) fn new(stop: &AtomicBool) -> Guard<'_> {
        Guard {
            stop,
            steps: 0,
            at_once: 0,
            is_stopped: false,
        }
    }

    /// Counts steps of work that ask for no look at once.
    #[inline(always)]
    pub(super) fn spend(&mut self, steps: usize) {
        self.steps += steps;
    }

    /// Counts a step inside a long piece of work; true where the work is to be left as it is.
    #[inline(always)]
    pub(super) fn is_stopped_at_step(&mut self) -> bool {
        self.steps += 1;
        self.steps >= STEPS && self.look()
    }

    /// Counts an event or a round; true where [`Guard::verdict`] has something to say.
    #[inline(always)]
    pub(super) fn event(&mut self) -> bool {
        self.at_once += 1;
        self.is_stopped_at_step() || self.at_once > MOST_AT_ONCE
    }

    /// Time has gone on.
    #[inline(always)]
    pub(super) fn time_goes_on(&mut self) {
        self.at_once = 0;
    }

    /// True once the flag was seen.
    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Events in the instant so far.
    pub(super) fn at_once(&self) -> u64 {
        self.at_once
    }

    #[cold]
    fn look(&mut self) -> bool {
        self.is_stopped |= self.stop.load(Ordering::Relaxed);
        // Once stopped, every further step is told so.
        if !self.is_stopped {
            self.steps = 0;
        }
        self.is_stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_seen_within_a_thousand_steps_and_then_at_every_one() {
        let stop = AtomicBool::new(false);
        let mut guard = Guard::new(&stop);
        assert!(!(0..5000).any(|_| guard.is_stopped_at_step()));
        stop.store(true, Ordering::Relaxed);
        let seen = (1..).find(|_| guard.is_stopped_at_step()).unwrap();
        assert!(seen <= STEPS, "{seen}");
        assert!(guard.is_stopped_at_step() && guard.event() && guard.is_stopped());
    }

    #[test]
    fn one_long_step_counts_as_many() {
        let stop = AtomicBool::new(true);
        let mut guard = Guard::new(&stop);
        assert!(!guard.is_stopped_at_step());
        guard.spend(1_000_000);
        assert!(guard.is_stopped_at_step());
    }

    #[test]
    fn an_instant_is_without_end_only_if_time_never_goes_on() {
        let stop = AtomicBool::new(false);
        let mut guard = Guard::new(&stop);
        for _ in 0..3 {
            assert!(!(0..MOST_AT_ONCE).any(|_| guard.event()));
            guard.time_goes_on();
        }
        assert!((0..=MOST_AT_ONCE).any(|_| guard.event()));
        assert!(!guard.is_stopped() && guard.at_once() > MOST_AT_ONCE);
    }
}
