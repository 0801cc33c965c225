//! Distributions as they are shown: bins of one width, as fine as the values allow.

use crate::experiment::numbers::Numbers;
use crate::metric::distribution::Distribution;

/// Caseloads in bins of one width; of wide bins the first holds those without a case too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// Numbers of cases that a bin stands for: 1, 5 or 100.
    pub width: usize,
    /// Bins, the last of them not empty.
    pub bins: usize,
    /// True where some caseloads lie beyond all bins of this width: the last bin holds them too.
    pub is_open: bool,
}

impl Grouping {
    /// The finest bins that hold every caseload of some policies.
    ///
    /// * `policies` - the shares of each, in the bins of [`Distribution::Caseload`]
    /// * returns - nothing where no policy has a share
    pub fn of(policies: &[&[Numbers]]) -> Option<Grouping> {
        let what = Distribution::Caseload;
        let has = |at: &usize| {
            let mut shares = policies.iter().filter_map(|shares| shares.get(*at));
            shares.any(|numbers| numbers.mean > 0.0)
        };
        let last = (0..what.bins()).rev().find(has)?;
        let end = what.bin(last).to;
        let width = match what.bin(last) {
            bin if bin.from == bin.to => 1,
            bin if bin.to <= 100.0 => 5,
            _ => 100,
        };
        let is_open = end.is_infinite();
        let end = match is_open {
            true => what.bin(last).from as usize,
            false => end as usize,
        };
        Some(Grouping {
            width,
            bins: end.div_ceil(width) + usize::from(width == 1),
            is_open,
        })
    }

    /// The mean shares of one policy in these bins; a share of a sum is the sum of the shares.
    ///
    /// * `shares` - in the bins of [`Distribution::Caseload`]
    pub fn shares(&self, shares: &[Numbers]) -> Vec<f64> {
        let what = Distribution::Caseload;
        let mut grouped = vec![0.0; self.bins];
        for (at, numbers) in shares.iter().enumerate() {
            // Bins of 1, 5 and 100 end together: no wider one is cut.
            let from = what.bin(at).from as usize;
            let place = match self.width {
                1 => from,
                width => from.saturating_sub(1) / width,
            };
            if let Some(sum) = grouped.get_mut(place.min(self.bins.saturating_sub(1))) {
                *sum += numbers.mean;
            }
        }
        grouped
    }

    /// The caseloads that a bin holds: `16`, `0 to 5`, `16 to 20`, `2001 or more`.
    pub fn name(&self, at: usize) -> String {
        if self.width == 1 {
            return format!("{at}");
        }
        let first = if at == 0 { 0 } else { at * self.width + 1 };
        let (from, to) = (first, (at + 1) * self.width);
        if self.is_open && at + 1 == self.bins {
            format!("{from} or more")
        } else {
            format!("{from} to {to}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;

    fn shares(of: &[(f64, f64)]) -> Vec<Numbers> {
        let summary = example::summary(2);
        let mut shares = summary.distribution(0, Distribution::Caseload).to_vec();
        for numbers in &mut shares {
            numbers.mean = 0.0;
        }
        for (cases, share) in of {
            shares[Distribution::Caseload.place(*cases)].mean = *share;
        }
        shares
    }

    #[test]
    fn bins_are_as_fine_as_the_largest_caseload_allows_and_no_share_is_lost() {
        for (of, width, bins) in [
            (vec![(0.0, 0.5), (17.0, 0.5)], 1, 18),
            (vec![(0.0, 0.5), (57.0, 0.5)], 5, 12),
            (vec![(3.0, 0.5), (1400.0, 0.5)], 100, 14),
            (vec![(3.0, 0.5), (9999.0, 0.5)], 100, 21),
        ] {
            let shares = shares(&of);
            let grouping = Grouping::of(&[&shares]).unwrap();
            assert_eq!((grouping.width, grouping.bins), (width, bins));
            let grouped = grouping.shares(&shares);
            assert!((grouped.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((grouped[bins - 1] - 0.5).abs() < 1e-12);
            let first = if width == 1 {
                "0".to_owned()
            } else {
                format!("0 to {width}")
            };
            assert_eq!(grouping.name(0), first);
        }
        assert_eq!(Grouping::of(&[&shares(&[])]), None);
    }
}
