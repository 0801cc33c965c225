//! Distributions as a tidy table.

use std::io;

use crate::experiment::summary::Summary;
use crate::metric::distribution::Distribution;
use crate::output::csv::{Lead, NUMBERS, Rows, values};

/// Writes the distributions: policy, what, unit, from, to, and of the share in that bin mean, se, p5, p25, p50, p75,
/// p95, min, max, n. `to` is empty in the last bin, which is open. Both ends of a bin of cases belong to it, of days the
/// upper end alone: 0 to 0 is at once. [`Distribution::definition`] says of what.
///
/// # Errors
/// Those of `out`.
pub fn distributions(out: impl io::Write, summary: &Summary) -> io::Result<()> {
    let lead = ["policy", "what", "unit", "from", "to"];
    let mut table = Rows::new(out, lead.iter().chain(&NUMBERS).copied())?;
    for (at, policy) in summary.policies.iter().enumerate() {
        for what in Distribution::ALL {
            let lead = Lead::of([policy.name.as_str(), what.key(), what.unit()])?;
            for (place, numbers) in summary.distribution(at, what).iter().enumerate() {
                let bin = what.bin(place);
                let all = [bin.from, bin.to].into_iter().chain(values(numbers));
                table.write([&lead], all, [numbers.n])?;
            }
        }
    }
    table.finish().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;

    #[test]
    fn the_shares_of_every_policy_and_distribution_sum_to_one_in_the_file() {
        let mut text = Vec::new();
        distributions(&mut text, &example::summary(20)).unwrap();
        let mut sums = std::collections::BTreeMap::new();
        for row in ::csv::Reader::from_reader(text.as_slice()).records() {
            let row = row.unwrap();
            let sum = sums.entry((row[0].to_owned(), row[1].to_owned()));
            *sum.or_insert(0.0) += row[5].parse::<f64>().unwrap();
        }
        assert_eq!(sums.len(), 4);
        assert!(sums.values().all(|sum: &f64| (sum - 1.0).abs() < 1e-9));
    }
}
