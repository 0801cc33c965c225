//! The points that are played, and the luck of each.
//!
//! What is compared with one another shares its luck, and what should be independent does not: in a Sobol design a point of A
//! and its changes play the same replications, and its partner of B others; in a screening all points of a trajectory play the
//! same. No two rows share any. So the difference that an input makes is seen on the same luck, and the noise that is left
//! in it is measured where it is taken off.

use crate::random::stream::{Kind, Luck, Purpose, Stream};
use crate::statistics::morris::{Trajectory, trajectory};

/// What a point is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The first of a pair.
    A,
    /// The second of a pair.
    B,
    /// The first of a pair with one input of the second.
    Changed(usize),
    /// A step of a trajectory; the input that it changes, nothing for the first.
    Step(Option<usize>),
}

/// A point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The row, or the trajectory.
    pub row: usize,
    /// What it is for.
    pub role: Role,
    /// (inputs,) how much of each law lies below, strictly between 0 and 1.
    pub places: Vec<f64>,
    /// Its first replication; the others follow.
    pub first: u64,
    /// How many it plays.
    pub replications: u64,
}

/// The points of a Sobol design, row by row: A, B, and A with each input of B.
///
/// * `replications` - at each point
/// * `in_world` - at A and B, which stand for plausible worlds besides; not fewer
/// * `seed` - scrambles the sequence
///
/// # Source
/// Saltelli et al. (2010), Computer Physics Communications 181, 259; the sequence is scrambled as by Owen, with hashes.
pub fn sobol(
    inputs: usize,
    rows: usize,
    replications: u64,
    in_world: u64,
    seed: u64,
) -> Vec<Point> {
    /// Half the grain of the sequence: no place is an end itself, where a law may have none.
    const HALF: f64 = 1.0 / 8_589_934_592.0;
    let scramble = (seed ^ (seed >> 32)) as u32;
    let mut points = Vec::with_capacity(rows * (inputs + 2));
    for row in 0..rows {
        let place = |dimension: usize| {
            HALF + f64::from(sobol_burley::sample(row as u32, dimension as u32, scramble))
        };
        let a: Vec<f64> = (0..inputs).map(place).collect();
        let b: Vec<f64> = (inputs..2 * inputs).map(place).collect();
        let first = 2 * row as u64 * in_world;
        let point = |role, places, first, replications| Point {
            row,
            role,
            places,
            first,
            replications,
        };
        points.push(point(Role::A, a.clone(), first, in_world));
        points.push(point(Role::B, b.clone(), first + in_world, in_world));
        for input in 0..inputs {
            let mut changed = a.clone();
            changed[input] = b[input];
            points.push(point(Role::Changed(input), changed, first, replications));
        }
    }
    points
}

/// The points of a screening, trajectory by trajectory.
///
/// * `replications` - at each point
/// * `seed` - of the luck of the trajectories
pub fn morris(
    inputs: usize,
    rows: usize,
    replications: u64,
    seed: u64,
) -> (Vec<Point>, Vec<Trajectory>) {
    let mut points = Vec::with_capacity(rows * (inputs + 1));
    let mut trajectories = Vec::with_capacity(rows);
    for row in 0..rows {
        let mut luck = Luck::new(seed, 0).stream(Kind::Design, row as u64, 1, Purpose::Value);
        let found = trajectory(inputs, &mut |n| pick(&mut luck, n));
        for (at, places) in found.points.iter().enumerate() {
            points.push(Point {
                row,
                role: Role::Step(at.checked_sub(1).map(|before| found.order[before])),
                places: places.clone(),
                first: row as u64 * replications,
                replications,
            });
        }
        trajectories.push(found);
    }
    (points, trajectories)
}

/// A number from 0 to n - 1.
pub fn pick(luck: &mut Stream, n: usize) -> usize {
    ((luck.uniform() * n as f64) as usize).min(n.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_and_its_changes_share_what_they_should() {
        let points = sobol(3, 8, 2, 4, 7);
        assert_eq!(points.len(), 8 * 5);
        for (row, own) in points.chunks(5).enumerate() {
            let (a, b) = (&own[0], &own[1]);
            assert_eq!((a.role, b.role, a.row), (Role::A, Role::B, row));
            assert_eq!((a.first, b.first), (8 * row as u64, 8 * row as u64 + 4));
            for (input, changed) in own[2..].iter().enumerate() {
                assert_eq!(
                    (changed.role, changed.first),
                    (Role::Changed(input), a.first)
                );
                for at in 0..3 {
                    let from = if at == input { b } else { a };
                    assert_eq!(changed.places[at], from.places[at]);
                }
            }
            assert!(own[2..].iter().all(|p| p.replications == 2) && a.replications == 4);
            assert!(a.places.iter().all(|p| *p > 0.0 && *p < 1.0));
        }
        assert_eq!(points, sobol(3, 8, 2, 4, 7));
        assert_ne!(points, sobol(3, 8, 2, 4, 8));
    }

    #[test]
    fn a_trajectory_keeps_its_luck() {
        let (points, trajectories) = morris(4, 3, 5, 7);
        assert_eq!((points.len(), trajectories.len()), (15, 3));
        for (row, own) in points.chunks(5).enumerate() {
            assert!(
                own.iter()
                    .all(|p| p.first == 5 * row as u64 && p.row == row)
            );
            assert_eq!(own[0].role, Role::Step(None));
            assert_eq!(own[1].role, Role::Step(Some(trajectories[row].order[0])));
        }
    }
}
