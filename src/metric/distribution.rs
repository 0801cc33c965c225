//! Distributions: what a mean hides. Each is kept as shares in fixed bins, one share a bin and replication.

/// A number of which the whole distribution is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// Cases of a worker.
    Caseload,
    /// Days that a case was without a worker before it was allocated.
    Wait,
}

/// Both ends belong to a bin of whole numbers; of waits, the upper end alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Lower end.
    pub from: f64,
    /// Upper end; infinite in the last bin.
    pub to: f64,
}

/// Caseloads one by one, from 0, up to here.
const LAST_SINGLE: usize = 40;
/// Bins of these.
const SINGLE: usize = LAST_SINGLE + 1;
/// Then in fives up to here.
const FIVES_END: usize = 100;
/// Then in hundreds up to here; the last bin is open.
const HUNDREDS_END: usize = 2000;
const FIVES: usize = (FIVES_END - LAST_SINGLE) / 5;
const HUNDREDS: usize = (HUNDREDS_END - FIVES_END) / 100;

/// Upper ends of the bins of waits [days]: at once, a day, three, one week, two, four, thirteen, twenty-six, a year.
const WAITS: [f64; 10] = [
    0.0,
    1.0,
    3.0,
    7.0,
    14.0,
    28.0,
    91.0,
    182.0,
    365.0,
    f64::INFINITY,
];

impl Distribution {
    /// All, in the order of every file.
    pub const ALL: [Distribution; 2] = [Distribution::Caseload, Distribution::Wait];

    /// Its name in files.
    pub fn key(self) -> &'static str {
        match self {
            Distribution::Caseload => "caseload",
            Distribution::Wait => "wait",
        }
    }

    /// The unit of the ends of its bins.
    pub fn unit(self) -> &'static str {
        match self {
            Distribution::Caseload => "cases",
            Distribution::Wait => "days",
        }
    }

    /// What it is.
    pub fn definition(self) -> &'static str {
        match self {
            Distribution::Caseload => {
                "Share of workers in post, by head, agency too, those without a case included, who hold so many cases at the end of the last month."
            }
            Distribution::Wait => {
                "Share of the allocations of the reported months, first and later ones, that had been without a worker for more than the lower end and at most the upper end."
            }
        }
    }

    /// How many bins it has.
    pub const fn bins(self) -> usize {
        match self {
            Distribution::Caseload => SINGLE + FIVES + HUNDREDS + 1,
            Distribution::Wait => WAITS.len(),
        }
    }

    /// A bin.
    ///
    /// * `at` - from 0; the last for any beyond
    pub fn bin(self, at: usize) -> Bin {
        let to = |at: usize| match self {
            Distribution::Caseload => caseload_end(at),
            Distribution::Wait => WAITS.get(at).copied().unwrap_or(f64::INFINITY),
        };
        let below = at.min(self.bins() - 1).checked_sub(1).map(to);
        let from = match self {
            Distribution::Caseload => below.map_or(0.0, |end| end + 1.0),
            Distribution::Wait => below.unwrap_or(0.0),
        };
        Bin { from, to: to(at) }
    }

    /// The bin that a value belongs to.
    ///
    /// * `value` - whole number of cases, or days, at least 0
    pub fn place(self, value: f64) -> usize {
        match self {
            Distribution::Caseload => {
                let cases = value as usize;
                if cases <= LAST_SINGLE {
                    cases
                } else if cases <= FIVES_END {
                    SINGLE + (cases - LAST_SINGLE - 1) / 5
                } else {
                    (SINGLE + FIVES + (cases - FIVES_END - 1) / 100).min(self.bins() - 1)
                }
            }
            Distribution::Wait => {
                let above = WAITS.iter().take_while(|end| value > **end).count();
                above.min(WAITS.len() - 1)
            }
        }
    }
}

fn caseload_end(at: usize) -> f64 {
    let end = if at < SINGLE {
        at
    } else if at < SINGLE + FIVES {
        LAST_SINGLE + 5 * (at - SINGLE + 1)
    } else if at < SINGLE + FIVES + HUNDREDS {
        FIVES_END + 100 * (at - SINGLE - FIVES + 1)
    } else {
        return f64::INFINITY;
    };
    end as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bin_holds_its_ends_and_begins_where_the_one_before_it_ends() {
        for what in Distribution::ALL {
            for at in 0..what.bins() {
                let bin = what.bin(at);
                let last = at + 1 == what.bins();
                assert_eq!(bin.to.is_infinite(), last, "{what:?} {at}");
                if !last {
                    assert_eq!(what.place(bin.to), at, "{what:?} {at}");
                }
                let step = if what == Distribution::Caseload {
                    assert_eq!(what.place(bin.from), at);
                    1.0
                } else {
                    0.0
                };
                if at > 0 {
                    assert_eq!(bin.from, what.bin(at - 1).to + step, "{what:?} {at}");
                }
            }
        }
    }

    #[test]
    fn a_wait_of_nothing_is_at_once_and_what_is_beyond_every_end_is_in_the_last_bin() {
        assert_eq!(Distribution::Wait.place(0.0), 0);
        assert_eq!(Distribution::Wait.place(1e-6), 1);
        assert_eq!(Distribution::Wait.place(1e9), Distribution::Wait.bins() - 1);
        let caseload = Distribution::Caseload;
        assert_eq!(caseload.place(41.0), caseload.place(45.0));
        assert_eq!(caseload.place(2001.0), caseload.bins() - 1);
        assert_eq!(caseload.place(1e9), caseload.bins() - 1);
    }
}
