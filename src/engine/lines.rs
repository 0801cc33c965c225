//! The cases of a worker, a line each: which they are, and when the clocks that keep its pace end.
//!
//! What ends next is kept for each kind of clock, by case, so that lines may move; it is sought again only where it was
//! stopped.

use crate::engine::case::NOBODY;

/// Readings that are compared at once.
const LANES: usize = 4;

/// A case that a worker holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Reading of the work clock at which its work is done; infinity where that clock stands still or keeps no pace.
    pub(super) work_ends: f64,
    pub(super) case: u32,
    /// Its case number: beside it, so that what is due next is found without a look at the case.
    pub(super) number: u32,
}

/// The first clock of one kind to end among a worker's cases: of equal ones, that of the lowest case number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct First {
    /// Infinity where none runs.
    pub(super) reading: f64,
    pub(super) case: u32,
    pub(super) number: u32,
    /// It must be sought again.
    is_sought: bool,
}

impl First {
    pub(super) const NONE: First = First {
        reading: f64::INFINITY,
        case: NOBODY,
        number: u32::MAX,
        is_sought: false,
    };

    #[inline(always)]
    fn start(&mut self, reading: f64, case: u32, number: u32) {
        if reading < self.reading {
            (self.reading, self.case, self.number) = (reading, case, number);
        } else if reading == self.reading && reading < f64::INFINITY {
            self.is_sought = true;
        }
    }

    #[inline(always)]
    fn stop(&mut self, case: u32) {
        self.is_sought |= self.case == case;
    }
}

/// What ends first at each worker, of each kind of clock that keeps its pace: the work, then each risk that unmet need
/// hastens.
#[derive(Clone, Debug, Default)]
pub(super) struct Firsts {
    /// [worker x kinds + kind]
    all: Vec<First>,
    kinds: usize,
}

impl Firsts {
    /// * `kinds` - 0 where no clock of the scenario keeps a worker's pace
    pub(super) fn reset(&mut self, workers: usize, kinds: usize) {
        self.all.clear();
        self.all.resize(workers * kinds, First::NONE);
        self.kinds = kinds;
    }

    /// Those of one worker.
    #[inline(always)]
    pub(super) fn of(&mut self, worker: u32) -> &mut [First] {
        &mut self.all[worker as usize * self.kinds..][..self.kinds]
    }
}

/// All that one worker holds, in no order; each case knows its line.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    lines: Vec<Line>,
    /// Readings at which risks that unmet need hastens end, [line x effects + effect]; infinity where such a clock
    /// stands still.
    hastened: Vec<f64>,
}

impl Lines {
    pub(super) fn clear(&mut self) {
        self.lines.clear();
        self.hastened.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter()
    }

    /// Readings of the risks with one effect, line by line.
    ///
    /// * `effects` - >= 1
    pub(super) fn hastened(&self, effect: usize, effects: usize) -> impl Iterator<Item = &f64> {
        self.hastened.iter().skip(effect).step_by(effects)
    }

    /// The first entries of its lists, for a look ahead.
    pub(super) fn heads(&self) -> (Option<&Line>, Option<&f64>) {
        (self.lines.first(), self.hastened.first())
    }

    /// A line more, its clocks standing still.
    #[inline]
    pub(super) fn push(&mut self, case: u32, number: u32, effects: usize) {
        self.lines.push(Line {
            work_ends: f64::INFINITY,
            case,
            number,
        });
        if effects > 0 {
            let all = self.lines.len() * effects;
            self.hastened.resize(all, f64::INFINITY);
        }
    }

    /// Takes away a line whose clocks stand still; returns the case that has taken its place.
    #[inline]
    pub(super) fn remove(&mut self, line: u32, effects: usize) -> Option<u32> {
        let line = line as usize;
        self.lines.swap_remove(line);
        if effects > 0 {
            let last = self.lines.len() * effects;
            self.hastened
                .copy_within(last..last + effects, line * effects);
            self.hastened.truncate(last);
        }
        self.lines.get(line).map(|moved| moved.case)
    }

    #[inline]
    pub(super) fn start_work(&mut self, line: u32, reading: f64, first: &mut First) {
        let at = &mut self.lines[line as usize];
        at.work_ends = reading;
        first.start(reading, at.case, at.number);
    }

    /// Takes the reading of a line away.
    #[inline]
    pub(super) fn stop_work(&mut self, line: u32, first: &mut First) -> f64 {
        let at = &mut self.lines[line as usize];
        first.stop(at.case);
        std::mem::replace(&mut at.work_ends, f64::INFINITY)
    }

    /// * `at` - effect and number of effects
    #[inline]
    pub(super) fn start_hastened(
        &mut self,
        line: u32,
        at: (usize, usize),
        reading: f64,
        first: &mut First,
    ) {
        let held = self.lines[line as usize];
        self.hastened[line as usize * at.1 + at.0] = reading;
        first.start(reading, held.case, held.number);
    }

    /// * `at` - effect and number of effects
    #[inline]
    pub(super) fn stop_hastened(
        &mut self,
        line: u32,
        at: (usize, usize),
        first: &mut First,
    ) -> f64 {
        first.stop(self.lines[line as usize].case);
        let reading = &mut self.hastened[line as usize * at.1 + at.0];
        std::mem::replace(reading, f64::INFINITY)
    }

    /// The first work to end, sought where it must be.
    #[inline]
    pub(super) fn first_work(&self, first: &mut First) -> First {
        if first.is_sought {
            *first = self.seek(|_, at| at.work_ends);
        }
        *first
    }

    /// The first risk with one effect to end, sought where it must be.
    ///
    /// * `at` - effect and number of effects
    #[inline]
    pub(super) fn first_hastened(&self, at: (usize, usize), first: &mut First) -> First {
        if first.is_sought {
            *first = self.seek(|line, _| self.hastened[line * at.1 + at.0]);
        }
        *first
    }

    /// Sought without a branch that hangs on the readings, which could only be guessed wrong.
    #[inline]
    fn seek(&self, reading: impl Fn(usize, &Line) -> f64) -> First {
        let lesser = |a: f64, b: f64| if b < a { b } else { a };
        // Four lanes, so that one comparison need not wait for the one before.
        let mut lanes = [f64::INFINITY; LANES];
        let chunks = self.lines.chunks_exact(LANES);
        let rest = chunks.remainder();
        for (chunk, lines) in chunks.enumerate() {
            for (lane, at) in lines.iter().enumerate() {
                lanes[lane] = lesser(lanes[lane], reading(chunk * LANES + lane, at));
            }
        }
        let before = self.lines.len() - rest.len();
        for (lane, at) in rest.iter().enumerate() {
            lanes[lane] = lesser(lanes[lane], reading(before + lane, at));
        }
        let least = lanes.into_iter().fold(f64::INFINITY, lesser);
        if least == f64::INFINITY {
            return First::NONE;
        }
        let (mut first, mut alike) = (u32::MAX, 0);
        for (line, at) in self.lines.iter().enumerate() {
            let is_it = u32::from(reading(line, at) == least);
            // All bits where it is another.
            first = first.min(line as u32 | is_it.wrapping_sub(1));
            alike += is_it;
        }
        let mut first = self.lines[first as usize];
        if alike > 1 {
            let all = self.lines.iter().enumerate();
            let alike = all.filter(|(line, at)| reading(*line, at) == least);
            first = alike.fold(
                first,
                |first, (_, at)| {
                    if at.number < first.number { *at } else { first }
                },
            );
        }
        First {
            reading: least,
            case: first.case,
            number: first.number,
            is_sought: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a look at all lines finds.
    fn plain(lines: &Lines, reading: impl Fn(usize) -> f64) -> (f64, u32) {
        let running = (0..lines.len()).filter(|line| reading(*line) < f64::INFINITY);
        let all = running.map(|line| (reading(line), lines.lines[line].number));
        let least = all.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        least.unwrap_or((f64::INFINITY, u32::MAX))
    }

    proptest! {
        /// Whatever comes, goes, starts and stops, the first of each kind is the one that a look at all finds.
        #[test]
        fn the_first_is_found(
            steps in prop::collection::vec((0_u8..4, 0_u32..9, 0_u8..4), 1..200),
            effects in 0_usize..3,
        ) {
            let mut lines = Lines::default();
            let mut firsts = vec![First::NONE; 1 + effects];
            for (number, (what, line, time)) in (0_u32..).zip(steps) {
                let (line, reading) = (line % lines.len().max(1) as u32, f64::from(time));
                match what {
                    _ if lines.is_empty() => lines.push(number, number, effects),
                    0 => lines.push(number, number, effects),
                    1 => {
                        // As the engine does: clocks are stopped before a line goes.
                        lines.stop_work(line, &mut firsts[0]);
                        for effect in 0..effects {
                            lines.stop_hastened(line, (effect, effects), &mut firsts[1 + effect]);
                        }
                        let last = lines.iter().last().unwrap().case;
                        let moved = lines.remove(line, effects);
                        prop_assert_eq!(moved, (lines.len() > line as usize).then_some(last));
                    }
                    2 => {
                        lines.stop_work(line, &mut firsts[0]);
                        lines.start_work(line, reading, &mut firsts[0]);
                    }
                    _ => for effect in 0..effects {
                        let first = &mut firsts[1 + effect];
                        lines.stop_hastened(line, (effect, effects), first);
                        lines.start_hastened(line, (effect, effects), reading, first);
                    }
                }
                let found = lines.first_work(&mut firsts[0]);
                let expected = plain(&lines, |line| lines.lines[line].work_ends);
                prop_assert_eq!((found.reading, found.number), expected);
                for effect in 0..effects {
                    let at = (effect, effects);
                    let found = lines.first_hastened(at, &mut firsts[1 + effect]);
                    let readings: Vec<f64> = lines.hastened(effect, effects).copied().collect();
                    prop_assert_eq!((found.reading, found.number), plain(&lines, |line| readings[line]));
                }
            }
        }
    }
}
