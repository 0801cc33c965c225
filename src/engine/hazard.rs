//! Leaving and absence without a time step: a keyed field of points under a hazard.
//!
//! Each incumbent has a unit-rate Poisson field of points (time since start, mark). The first point
//! whose mark lies below the hazard at its time fires. The field is drawn in strips of marks, each
//! from a stream of its own, so a higher hazard only adds strips: the points of the strips below it
//! stay where they are, under every policy.

use crate::random::draw::exponential;
use crate::random::stream::Stream;

/// Height of the lowest strip: a hazard of a quarter a year [per day]. Each later strip reaches
/// twice as high as the one before.
const LOWEST: f64 = 0.25 / 365.25;
/// Strips at most; the last reaches a hazard of 4 million a year.
const STRIPS: usize = 25;

#[derive(Clone, Debug)]
struct Strip {
    stream: Stream,
    /// Its next point [days from the origin], and the mark of it [per day].
    time: f64,
    mark: f64,
    low: f64,
    height: f64,
}

impl Strip {
    fn advance(&mut self) {
        self.time += exponential(&mut self.stream) / self.height;
        self.mark = self.low + self.height * self.stream.uniform();
    }
}

/// The field of one incumbent for one kind of event, as far as it has been drawn.
#[derive(Clone, Debug, Default)]
pub struct Field {
    strips: Vec<Strip>,
    begins: f64,
}

impl Field {
    /// Starts an empty field, keeping its memory.
    ///
    /// * `begins` - first day of the incumbent [days from the origin]
    pub fn reset(&mut self, begins: f64) {
        self.strips.clear();
        self.begins = begins;
    }

    /// Draws strips until they reach above a hazard.
    ///
    /// * `hazard` - no higher one can hold before the next call [per day]
    /// * `now` - points up to now are passed over: they lay above the hazard when their time came
    /// * `stream_of` - the stream of a strip, by its number
    pub fn cover(&mut self, hazard: f64, now: f64, stream_of: impl Fn(u64) -> Stream) {
        while self.top() < hazard && self.strips.len() < STRIPS {
            let number = self.strips.len();
            let low = self.top();
            let top = LOWEST * (1u64 << number) as f64;
            let mut strip = Strip {
                stream: stream_of(number as u64),
                time: self.begins,
                mark: 0.0,
                low,
                height: top - low,
            };
            strip.advance();
            while strip.time <= now {
                strip.advance();
            }
            self.strips.push(strip);
        }
    }

    fn top(&self) -> f64 {
        match self.strips.len() {
            0 => 0.0,
            n => LOWEST * (1u64 << (n - 1)) as f64,
        }
    }

    /// Time of the next point of the strips drawn so far; infinity without any [days].
    pub fn next_time(&self) -> f64 {
        self.strips
            .iter()
            .map(|s| s.time)
            .fold(f64::INFINITY, f64::min)
    }

    /// Takes the next point and gives its mark [per day]: it fires if the mark lies below the hazard.
    pub fn take(&mut self) -> f64 {
        let next = self
            .strips
            .iter_mut()
            .min_by(|a, b| a.time.total_cmp(&b.time));
        match next {
            Some(strip) => {
                let mark = strip.mark;
                strip.advance();
                mark
            }
            None => f64::INFINITY,
        }
    }

    /// Passes over all points up to now: nothing could fire then.
    pub fn skip_to(&mut self, now: f64) {
        for strip in &mut self.strips {
            while strip.time <= now {
                strip.advance();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream::{Kind, Luck, Purpose};

    fn first_firing(replication: u64, hazard: impl Fn(f64) -> f64, bound: f64) -> f64 {
        let luck = Luck::new(3, replication);
        let mut field = Field::default();
        field.reset(0.0);
        field.cover(bound, 0.0, |strip| {
            luck.stream(Kind::Incumbent, 0, strip, Purpose::Leaving)
        });
        loop {
            let time = field.next_time();
            if field.take() < hazard(time) {
                return time;
            }
        }
    }

    #[test]
    fn a_higher_bound_changes_nothing_that_a_lower_one_decides() {
        for replication in 0..200 {
            let hazard = |time: f64| 0.5 / 365.25 * (1.0 + (time / 300.0).min(1.0));
            let low = first_firing(replication, hazard, 1.0 / 365.25);
            assert_eq!(low, first_firing(replication, hazard, 9.0 / 365.25));
        }
    }

    /// Null: the time is exponential of the hazard. The mean of n = 20,000 has relative standard error
    /// 1/sqrt n; |z| < 4.5 fails once in 150,000 times.
    #[test]
    fn under_a_constant_hazard_the_time_is_exponential() {
        let hazard = 1.7 / 365.25;
        let n = 20_000;
        let mean = (0..n)
            .map(|r| first_firing(r, |_| hazard, hazard))
            .sum::<f64>()
            / n as f64;
        assert!(((mean * hazard - 1.0) * (n as f64).sqrt()).abs() < 4.5);
    }

    #[test]
    fn a_field_that_is_covered_later_has_the_same_points() {
        let luck = Luck::new(3, 9);
        let stream = |strip| luck.stream(Kind::Incumbent, 0, strip, Purpose::Leaving);
        let (mut early, mut late) = (Field::default(), Field::default());
        for field in [&mut early, &mut late] {
            field.reset(10.0);
        }
        early.cover(4.0 / 365.25, 10.0, stream);
        early.skip_to(2000.0);
        late.cover(0.1 / 365.25, 10.0, stream);
        late.skip_to(2000.0);
        late.cover(4.0 / 365.25, 2000.0, stream);
        for _ in 0..20 {
            assert_eq!(early.next_time(), late.next_time());
            assert_eq!(early.take(), late.take());
        }
    }
}
