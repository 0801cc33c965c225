//! Replications for the settings that are still undecided, and the decisions.
//!
//! Every setting plays the replications 0, 1, 2, ... of one seed, so that all have the same luck. They are played in
//! rounds; after a round they are looked at one after the other, and a setting is left at the replication that decided
//! it. So neither threads nor the length of a round reach a decision.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use crate::engine::replication::Arena;
use crate::experiment::run::Watch;
use crate::experiment::target::Verdict;
use crate::statistics::interval::Interval;
use crate::statistics::proportion::{Counts, Mixture};

/// Replications of the first round.
pub const FIRST_ROUND: u64 = 64;
/// A later round adds so small a part of what a setting has played, and at least as many as the first.
const PART: u64 = 8;
/// Replications of a round at most.
const LONGEST: u64 = 4096;
/// Replications that one thread plays of one setting at a time.
const CHUNK: u64 = 16;
/// Replications before which nothing is foretold of how many more are needed.
const FORETOLD_AFTER: u64 = 256;

/// Plays one replication of a setting.
pub trait Trial: Sync {
    /// Why it cannot.
    type Error: Send;

    /// How a replication stands to each requirement.
    ///
    /// * `setting` - its number in the pool
    /// * `verdicts` - (requirements,) filled whole
    /// * `stop` - once true, the replication ends
    /// * returns - false where it was stopped: the verdicts mean nothing then
    ///
    /// # Errors
    /// Where the world of this replication cannot be made, or the replication has no end.
    fn judge(
        &self,
        setting: usize,
        replication: u64,
        desk: &mut Desk,
        verdicts: &mut [Verdict],
        stop: &AtomicBool,
    ) -> Result<bool, Self::Error>;
}

/// Memory that a thread uses again and again; it holds no result.
#[derive(Default)]
pub struct Desk {
    /// Of the engine.
    pub arena: Arena,
    /// The record of a replication.
    pub record: Vec<f64>,
}

/// How a setting stands to one requirement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Replications that met it, up to its decision or to the last one played.
    pub counts: Counts,
    /// Replications in which a number that it needs is missing; they count as not met.
    pub undefined: u64,
    /// Whether it is met with the probability required; nothing: undecided.
    pub holds: Option<bool>,
}

/// How a setting stands to all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Undecided.
    Open,
    /// It meets all requirements.
    Meets,
    /// It fails at least one; the others are not looked at any more.
    Fails,
}

/// A setting in the pool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// (requirements,) in their order.
    pub tallies: Vec<Tally>,
    /// Replications played, those of the last round beyond the decision too.
    pub played: u64,
}

impl Setting {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        if self.tallies.iter().any(|t| t.holds == Some(false)) {
            Standing::Fails
        } else if self.tallies.iter().all(|t| t.holds == Some(true)) {
            Standing::Meets
        } else {
            Standing::Open
        }
    }
}

/// How a requirement is decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Probability required.
    pub bound: f64,
    /// The sequence that decides.
    pub mixture: Mixture,
    /// Chance of error of one decision.
    pub error: f64,
}

impl Rule {
    /// * `bound`, `error` - strictly between 0 and 1
    pub fn new(bound: f64, error: f64) -> Rule {
        Rule {
            bound,
            mixture: Mixture::around(bound),
            error,
        }
    }

    /// The interval of a probability: all intervals of all decisions hold together.
    pub fn interval(&self, counts: Counts) -> Interval {
        self.mixture.interval(counts, self.error)
    }
}

/// Settings and what is known of them.
#[derive(Clone, Debug)]
pub struct Pool {
    /// (requirements,)
    pub rules: Vec<Rule>,
    /// In the order in which they came.
    pub settings: Vec<Setting>,
    /// Replications played, of all settings together.
    pub spent: u64,
}

/// Replications that a setting is to play next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its number in the pool.
    pub setting: usize,
    /// How many.
    pub count: u64,
}

impl Pool {
    /// A pool without settings.
    pub fn new(rules: Vec<Rule>) -> Pool {
        Pool {
            rules,
            settings: Vec::new(),
            spent: 0,
        }
    }

    /// Takes in a setting; gives its number.
    pub fn add(&mut self) -> usize {
        self.settings.push(Setting {
            tallies: vec![Tally::default(); self.rules.len()],
            played: 0,
        });
        self.settings.len() - 1
    }

    /// What some open settings play in the next round. Where it is foretold that the budget does not decide them
    /// all, only those play that it does, those first whose decision is nearest; at least one plays.
    ///
    /// * `cap` - replications that each may have played at most
    /// * `left` - what the budget has left
    pub fn grants(&self, open: &[usize], cap: u64, left: u64) -> Vec<Grant> {
        let batch = |at: usize| {
            let played = self.settings[at].played;
            let wanted = (played / PART).next_multiple_of(CHUNK);
            let most = cap.saturating_sub(played);
            wanted.clamp(FIRST_ROUND, LONGEST).min(most)
        };
        let all: u64 = open.iter().map(|at| batch(*at)).sum();
        let is_foretold = open
            .iter()
            .all(|at| self.settings[*at].played >= FORETOLD_AFTER);
        let needed: f64 = open.iter().map(|at| self.draws_left(*at)).sum();
        let is_scarce = all > left || (is_foretold && needed > left as f64);
        let grant = |at: usize, count| Grant { setting: at, count };
        if !is_scarce {
            return open.iter().map(|at| grant(*at, batch(*at))).collect();
        }
        let mut nearest: Vec<(f64, usize)> =
            open.iter().map(|at| (self.draws_left(*at), *at)).collect();
        nearest.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (mut grants, mut foretold, mut left) = (Vec::new(), 0.0, left);
        for (draws, at) in nearest {
            foretold += draws;
            let count = batch(at).min(left);
            if count == 0 || (!grants.is_empty() && foretold > left as f64) {
                break;
            }
            grants.push(grant(at, count));
            left -= count;
        }
        grants
    }

    /// About how many replications more decide a setting; infinite where nothing can be said.
    fn draws_left(&self, at: usize) -> f64 {
        let open = self.settings[at]
            .tallies
            .iter()
            .zip(&self.rules)
            .filter(|(tally, _)| tally.holds.is_none());
        let (mut fails, mut meets) = (f64::INFINITY, 1.0_f64);
        for (tally, rule) in open {
            let draws = rule
                .mixture
                .draws_left(rule.bound, tally.counts, rule.error);
            match tally.counts.share() {
                Some(share) if share < rule.bound => fails = fails.min(draws),
                _ => meets = meets.max(draws),
            }
        }
        // One failure decides; else all must be met.
        if fails.is_finite() { fails } else { meets }
    }

    /// Plays a round.
    ///
    /// * returns - false where it was stopped; nothing of the round is kept then
    ///
    /// # Errors
    /// Those of the trial, the first in the order of settings and replications.
    pub fn play<T: Trial>(
        &mut self,
        grants: &[Grant],
        trial: &T,
        desks: &[Mutex<Desk>],
        watch: &Watch<'_>,
    ) -> Result<bool, T::Error> {
        let width = self.rules.len();
        let tasks: Vec<(usize, u64, u64)> = grants
            .iter()
            .flat_map(|grant| {
                let first = self.settings[grant.setting].played;
                let end = first + grant.count;
                (first..end)
                    .step_by(CHUNK as usize)
                    .map(move |from| (grant.setting, from, end.min(from + CHUNK)))
            })
            .collect();
        let cut = AtomicBool::new(false);
        let played: Vec<Result<Vec<Verdict>, T::Error>> = tasks
            .par_iter()
            .with_max_len(1)
            .map(|(setting, from, to)| {
                let thread = rayon::current_thread_index().unwrap_or(0);
                // A thread holds its own desk alone; a lock is only how the compiler is told so.
                let mut desk = desks[thread].lock().unwrap_or_else(PoisonError::into_inner);
                let mut verdicts = vec![Verdict::Missed; (to - from) as usize * width];
                for (replication, verdicts) in (*from..).zip(verdicts.chunks_exact_mut(width)) {
                    let is_stopped = watch.stop.load(Ordering::Relaxed)
                        || !trial.judge(*setting, replication, &mut desk, verdicts, watch.stop)?;
                    if is_stopped {
                        cut.store(true, Ordering::Relaxed);
                        break;
                    }
                    (watch.on_replication)();
                }
                Ok(verdicts)
            })
            .collect();
        if cut.into_inner() {
            return Ok(false);
        }
        for ((setting, from, to), verdicts) in tasks.iter().zip(played) {
            for verdicts in verdicts?.chunks_exact(width) {
                self.take(*setting, verdicts);
            }
            self.settings[*setting].played = *to;
            self.spent += to - from;
        }
        Ok(true)
    }

    /// Takes in one replication of a setting; one that is decided takes in nothing more.
    fn take(&mut self, at: usize, verdicts: &[Verdict]) {
        let setting = &mut self.settings[at];
        if setting.standing() != Standing::Open {
            return;
        }
        let all = setting.tallies.iter_mut().zip(&self.rules).zip(verdicts);
        for ((tally, rule), verdict) in all.filter(|((tally, _), _)| tally.holds.is_none()) {
            tally.counts.push(*verdict == Verdict::Met);
            tally.undefined += u64::from(*verdict == Verdict::Undefined);
            tally.holds = rule
                .mixture
                .is_reached(rule.bound, tally.counts, rule.error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A trial whose requirements are met with stated probabilities, by hashed luck that settings share.
    struct Coins {
        /// (settings x requirements,)
        chances: Vec<Vec<f64>>,
        seed: u64,
    }

    impl Trial for Coins {
        type Error = String;

        fn judge(
            &self,
            setting: usize,
            replication: u64,
            _: &mut Desk,
            verdicts: &mut [Verdict],
            _: &AtomicBool,
        ) -> Result<bool, String> {
            let mut z = (self.seed << 32) ^ replication.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let luck = ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64;
            for (verdict, chance) in verdicts.iter_mut().zip(&self.chances[setting]) {
                *verdict = match luck < *chance {
                    true => Verdict::Met,
                    false => Verdict::Missed,
                };
            }
            Ok(true)
        }
    }

    fn decided(coins: &Coins, bounds: &[f64], error: f64, budget: u64, threads: usize) -> Pool {
        let rules = bounds.iter().map(|b| Rule::new(*b, error)).collect();
        let mut pool = Pool::new(rules);
        for _ in &coins.chances {
            pool.add();
        }
        let desks: Vec<Mutex<Desk>> = (0..threads).map(|_| Mutex::default()).collect();
        let stop = AtomicBool::new(false);
        let watch = Watch {
            stop: &stop,
            on_replication: &|| {},
        };
        let on = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        on.install(|| {
            loop {
                let open: Vec<usize> = (0..pool.settings.len())
                    .filter(|at| pool.settings[*at].standing() == Standing::Open)
                    .collect();
                let left = budget - pool.spent;
                let grants = pool.grants(&open, u64::MAX, left);
                if grants.is_empty() {
                    return;
                }
                assert_eq!(pool.play(&grants, coins, &desks, &watch), Ok(true));
            }
        });
        pool
    }

    #[test]
    fn clear_cases_are_dropped_early_and_the_budget_goes_where_it_is_close() {
        let coins = Coins {
            chances: vec![vec![0.2], vec![0.87], vec![0.93], vec![1.0]],
            seed: 1,
        };
        let pool = decided(&coins, &[0.9], 0.01, 100_000, 1);
        let standings: Vec<Standing> = pool.settings.iter().map(Setting::standing).collect();
        use Standing::{Fails, Meets};
        assert_eq!(standings, [Fails, Fails, Meets, Meets]);
        let played: Vec<u64> = pool.settings.iter().map(|s| s.played).collect();
        assert!(played[0] == 64 && played[3] <= 128, "{played:?}");
        assert!(played[1] > 200 && played[2] > 200, "{played:?}");
        assert_eq!(pool.spent, played.iter().sum::<u64>());
    }

    #[test]
    fn one_failure_decides_and_success_needs_all() {
        let coins = Coins {
            chances: vec![vec![1.0, 0.0], vec![1.0, 1.0]],
            seed: 2,
        };
        let pool = decided(&coins, &[0.9, 0.5], 0.01, 10_000, 1);
        assert_eq!(pool.settings[0].standing(), Standing::Fails);
        let holds = |s: &Setting| s.tallies.iter().map(|t| t.holds).collect::<Vec<_>>();
        assert_eq!(holds(&pool.settings[0]), [None, Some(false)]);
        assert_eq!(holds(&pool.settings[1]), [Some(true), Some(true)]);
    }

    #[test]
    fn the_budget_is_kept_and_what_is_too_close_stays_undecided() {
        let coins = Coins {
            chances: vec![vec![0.9], vec![0.5]],
            seed: 3,
        };
        let pool = decided(&coins, &[0.9], 0.001, 1000, 1);
        assert_eq!(pool.spent, 1000);
        assert_eq!(pool.settings[0].standing(), Standing::Open);
        assert_eq!(pool.settings[1].standing(), Standing::Fails);
    }

    #[test]
    fn threads_change_nothing() {
        let coins = Coins {
            chances: (0..20)
                .map(|k| vec![0.8 + f64::from(k) / 100.0, 0.97])
                .collect(),
            seed: 4,
        };
        let [one, two] = [1, 2].map(|t| decided(&coins, &[0.9, 0.95], 0.001, 30_000, t));
        assert_eq!(one.settings, two.settings);
        assert_eq!(one.spent, two.spent);
    }

    #[test]
    fn any_wrong_answer_of_many_settings_is_as_rare_as_promised() {
        use statrs::distribution::{Binomial, DiscreteCDF};
        const ERROR: f64 = 0.2;
        const TIMES: u64 = 300;
        let chances: Vec<Vec<f64>> = [0.86, 0.88, 0.9, 0.92, 0.94]
            .iter()
            .map(|p| vec![*p, 1.0 - (1.0 - p) / 2.0])
            .collect();
        let bounds = [0.9, 0.95];
        let mut wrong = 0;
        for seed in 0..TIMES {
            let coins = Coins {
                chances: chances.clone(),
                seed: 1000 + seed,
            };
            let each = ERROR / (chances.len() * bounds.len()) as f64;
            let pool = decided(&coins, &bounds, each, 10_000, 1);
            let is_wrong = pool.settings.iter().zip(&chances).any(|(setting, own)| {
                let all = setting.tallies.iter().zip(own).zip(bounds);
                all.clone().any(|((tally, p), bound)| {
                    // The second requirement of 0.9 is at its bound but for rounding: either answer is taken.
                    let is_at = (p - bound).abs() < 1e-9;
                    !is_at && tally.holds.is_some_and(|holds| holds != (*p >= bound))
                })
            });
            wrong += u64::from(is_wrong);
        }
        // False alarm: at most one in a million.
        let law = Binomial::new(ERROR, TIMES).unwrap();
        assert!(law.sf(wrong.saturating_sub(1)) > 1e-6, "{wrong} of {TIMES}");
    }
}
