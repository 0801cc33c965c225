//! Stages in series and with feedback: open networks with Poisson referrals.

use crate::theory::erlang::Mmc;
use crate::theory::infinite::poisson;
use crate::theory::markov::{Matrix, transient, visits};

/// One stage of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Places; nothing: nobody ever waits, and the work may then have any law.
    pub places: Option<u32>,
    /// Mean work of a visit [days]; exponential where places are limited.
    pub mean_work_days: f64,
}

/// An open network in equilibrium: stages are independent, each as if it stood alone.
///
/// # Source
/// Jackson (1957, 1963); for stages where nobody waits, Baskett, Chandy, Muntz and Palacios (1975).
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// (n,) arrivals at each stage, from outside and inside [a day].
    pub flows: Vec<f64>,
    nodes: Vec<Node>,
    queues: Vec<Option<Mmc>>,
}

impl Network {
    /// * `outside` - (n,) referrals to each stage [a day]
    /// * `routing` - (n, n) probability to go from row to column after a visit; the rest leaves
    /// * returns - nothing where some stage is loaded to its places or more, or cases never leave
    pub fn new(outside: &[f64], routing: &Matrix, nodes: &[Node]) -> Option<Network> {
        let flows = visits(outside, routing)?;
        let mut queues = Vec::with_capacity(nodes.len());
        for (node, flow) in nodes.iter().zip(&flows) {
            queues.push(match node.places {
                Some(places) => Some(Mmc::new(places, *flow, node.mean_work_days)?),
                None => None,
            });
        }
        Some(Network {
            flows,
            nodes: nodes.to_vec(),
            queues,
        })
    }

    /// Mean number at a stage, waiting or being worked.
    pub fn mean_open(&self, stage: usize) -> f64 {
        match &self.queues[stage] {
            Some(queue) => queue.mean_open(),
            None => self.flows[stage] * self.nodes[stage].mean_work_days,
        }
    }

    /// Mean number waiting at a stage.
    pub fn mean_queue(&self, stage: usize) -> f64 {
        self.queues[stage].map_or(0.0, |queue| queue.mean_queue())
    }

    /// Probability of n cases at a stage.
    pub fn open_probability(&self, stage: usize, n: u32) -> f64 {
        match &self.queues[stage] {
            Some(queue) => queue.open_probability(n),
            None => poisson(self.mean_open(stage), u64::from(n)),
        }
    }

    /// Probability of these numbers at all stages together: the product.
    ///
    /// * `numbers` - (n,)
    pub fn joint_probability(&self, numbers: &[u32]) -> f64 {
        numbers
            .iter()
            .enumerate()
            .map(|(stage, n)| self.open_probability(stage, *n))
            .product()
    }
}

/// Mean open cases by stage at a time, where nobody waits and every stage is left at constant rates.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenCases {
    /// (n,) mean number at the time.
    pub at: Vec<f64>,
    /// (n,) mean number over the time from 0.
    pub average: Vec<f64>,
}

/// Follows the mean open cases of a network of exponential stages without waiting.
///
/// * `opening` - (n,) cases at 0
/// * `outside` - (n,) referrals to each stage [a day]
/// * `rates` - (n, n) rates between stages [a day], `closing` - (n,) rates out [a day]
/// * `t` - > 0 [days]
///
/// # Source
/// The linear differential equation m' = outside + m Q, by uniformisation; see [`transient`]. The
/// time average of the referrals' part is by Simpson's rule on 256 intervals.
pub fn open_cases(
    opening: &[f64],
    outside: &[f64],
    rates: &Matrix,
    closing: &[f64],
    t: f64,
) -> OpenCases {
    let at = |u: f64| -> Vec<f64> {
        let stock = transient(opening, rates, closing, u);
        let flow = transient(outside, rates, closing, u);
        stock
            .at
            .iter()
            .zip(&flow.spent)
            .map(|(s, f)| s + f)
            .collect()
    };
    let n = opening.len();
    let stock = transient(opening, rates, closing, t).spent;
    let mut of_flow = vec![0.0; n];
    // Mean of the flow's part: Simpson's rule on 256 intervals.
    let steps = 256;
    for k in 0..=steps {
        let weight = match k {
            0 => 1.0,
            _ if k == steps => 1.0,
            _ if k % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let u = t * f64::from(k) / f64::from(steps);
        let flow = transient(outside, rates, closing, u).spent;
        for (sum, x) in of_flow.iter_mut().zip(&flow) {
            *sum += weight * x / (3.0 * f64::from(steps));
        }
    }
    OpenCases {
        at: at(t),
        average: stock.iter().zip(&of_flow).map(|(s, f)| s / t + f).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn two_stages_in_series_are_two_single_queues() {
        let one = |mean| Node {
            places: Some(1),
            mean_work_days: mean,
        };
        let routing = vec![vec![0.0, 1.0], vec![0.0, 0.0]];
        let network = Network::new(&[0.5, 0.0], &routing, &[one(1.0), one(1.8)]).unwrap();
        near(network.mean_open(0), 1.0, 1e-12);
        near(network.mean_open(1), 9.0, 1e-10);
        near(network.joint_probability(&[1, 2]), 0.25 * 0.1 * 0.81, 1e-12);
        assert_eq!(
            Network::new(&[0.5, 0.0], &routing, &[one(1.0), one(2.0)]),
            None
        );
    }

    #[test]
    fn feedback_raises_the_flow() {
        let node = Node {
            places: Some(3),
            mean_work_days: 10.0,
        };
        let network = Network::new(&[0.1], &vec![vec![0.5]], &[node]).unwrap();
        near(network.flows[0], 0.2, 1e-12);
        let alone = Mmc::new(3, 0.2, 10.0).unwrap();
        near(network.mean_queue(0), alone.mean_queue(), 1e-12);
        assert_eq!(Network::new(&[0.1], &vec![vec![1.0]], &[node]), None);
    }

    #[test]
    fn returns_after_a_delay_are_a_stage_without_waiting() {
        // Active 100 days, 30 % come back after 200 days: 1 / 0.7 visits.
        let free = |mean| Node {
            places: None,
            mean_work_days: mean,
        };
        let routing = vec![vec![0.0, 0.3], vec![1.0, 0.0]];
        let network = Network::new(&[0.7, 0.0], &routing, &[free(100.0), free(200.0)]).unwrap();
        near(network.mean_open(0), 100.0, 1e-9);
        near(network.mean_open(1), 60.0, 1e-9);
        near(network.open_probability(1, 60), poisson(60.0, 60), 1e-12);
        assert_eq!(network.mean_queue(0), 0.0);
    }

    #[test]
    fn the_reference_model_without_a_cap_has_its_known_open_cases() {
        let mix = [0.6, 0.3, 0.1];
        let rates = vec![
            vec![0.0, 1.0 / 300.0, 0.0],
            vec![0.0, 0.0, 1.0 / 400.0],
            vec![0.0, 0.0, 0.0],
        ];
        let closing = [1.0 / 120.0, 1.0 / 180.0, 1.0 / 300.0];
        let opening = mix.map(|p| 720.0 * p);
        let outside = mix.map(|p| 5.0 * p);
        let open = |t| open_cases(&opening, &outside, &rates, &closing, t);
        near(open(730.0 / 24.0).at.iter().sum(), 721.866, 5e-4);
        near(open(730.0).at.iter().sum(), 892.926, 5e-4);
        let average = open(730.0).average;
        near(average.iter().sum(), 820.4016, 5e-4);
        for (found, known) in average.iter().zip([277.670, 288.042, 254.689]) {
            near(*found, known, 5e-3);
        }
    }
}
