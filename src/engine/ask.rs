//! Who takes a unit: who is asked first, and who says no.

use crate::engine::case::{NOBODY, State};
use crate::engine::fit::Question;
use crate::engine::play::Play;
use crate::engine::sums::Sum;
use crate::policy::allocation::{Allocation, Candidate};
use crate::policy::choices::Choices;
use crate::policy::discussion::Discussion;
use crate::random::draw::normal;
use crate::random::stream::{Kind, Purpose};

/// How a unit is given out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Whatever the limit.
    pub(super) is_forced: bool,
    /// There is a meeting, at which workers may decline.
    pub(super) can_discuss: bool,
    /// It is known to fit nobody who holds none of its family.
    pub(super) asks_holders_alone: bool,
}

impl Way {
    /// To someone, whatever the limit.
    pub(super) fn forced() -> Way {
        Way {
            is_forced: true,
            can_discuss: false,
            asks_holders_alone: false,
        }
    }
}

impl Play<'_> {
    /// Who takes a unit: the worker of a sibling or, of one who returns, the former one, if it fits; else the first in
    /// the order of the policy whom it fits; else, where it is given out regardless, the first of all.
    pub(super) fn taker(&mut self, unit: u32, team: u16, way: Way) -> Option<u32> {
        let Way {
            is_forced,
            can_discuss,
            asks_holders_alone,
        } = way;
        let choices = self.choices(team);
        let discussion = choices.discussion.filter(|_| can_discuss && !is_forced);
        let question = self.question(unit, team, discussion);
        if question.has_siblings {
            let mut holders = std::mem::take(&mut self.board.holders);
            holders.clear();
            let children = self.family(unit).map(|child| self.case(child));
            let held = children.filter(|child| child.state == State::Held && child.team == team);
            holders.extend(held.map(|child| child.worker));
            let found = self.ask(&question, choices, &holders, discussion);
            self.board.holders = holders;
            if found.is_some() || asks_holders_alone {
                return found;
            }
        }
        if let Some(former) = self.former_worker(unit, team) {
            let found = self.ask(&question, choices, &[former], discussion);
            if found.is_some() {
                return found;
            }
        }
        if !question.is_discussed && self.board.rules[team as usize].is_by_ratio {
            match self.first_on_ladder(team) {
                Some(worker) if question.is_open || self.fits(&question, choices, worker) => {
                    return Some(worker);
                }
                // Nobody has room for the least that a unit adds to one who holds none of its family, and those who
                // hold some have been asked.
                None if !question.is_open && !is_forced => return None,
                _ => {}
            }
        }
        let roster = self.roster;
        let workers = &roster.team_workers[team as usize];
        match self.ask(&question, choices, workers, discussion) {
            None if is_forced => {
                let regardless = Question {
                    regardless: true,
                    is_discussed: false,
                    ..question
                };
                self.ask(&regardless, choices, workers, None)
            }
            found => found,
        }
    }

    /// The worker of another team who takes a unit that fits nobody in its own: the least loaded of those whom it
    /// fits, under the limit of the team that helps out; ties go to the lowest post.
    pub(super) fn borrower(&mut self, unit: u32, team: u16) -> Option<u32> {
        let mut best: Option<u32> = None;
        for other in 0..self.board.queues.len() as u16 {
            let takes = other != team
                && self
                    .waiting_in(unit)
                    .all(|child| self.world.takes(other, self.case(child).stage));
            if !takes {
                continue;
            }
            let choices = self.choices(other);
            let question = self.question(unit, other, None);
            let roster = self.roster;
            let found = self.ask(
                &question,
                choices,
                &roster.team_workers[other as usize],
                None,
            );
            let ratio = |worker: u32| self.board.places[worker as usize].ratio;
            best = match (best, found) {
                (Some(best), Some(found)) => {
                    let is_less = (ratio(found), found) < (ratio(best), best);
                    Some(if is_less { found } else { best })
                }
                (best, found) => best.or(found),
            };
        }
        best
    }

    /// The worker who had a returning case last, if still in the team.
    fn former_worker(&self, unit: u32, team: u16) -> Option<u32> {
        let returns = self.world.scenario.returns.as_ref()?;
        let at = self.case(unit);
        if !returns.to_same_worker || at.spell == 0 || at.was_allocated || at.former == NOBODY {
            return None;
        }
        let workers = self.roster.team_workers[team as usize].iter();
        workers
            .copied()
            .find(|worker| self.worker(*worker).person == at.former)
    }

    /// Asks workers in the order of the policy until one takes the unit.
    fn ask(
        &mut self,
        question: &Question,
        choices: &Choices,
        workers: &[u32],
        discussion: Option<Discussion>,
    ) -> Option<u32> {
        loop {
            // A worker is looked at in a few nanoseconds.
            self.guard.spend(workers.len() / 16);
            let worker = self.first_in_order(question, choices, workers)?;
            match discussion {
                Some(discussion) if self.declines(question.unit, worker, discussion) => {
                    self.board.declined[worker as usize] = true;
                }
                _ => return Some(worker),
            }
        }
    }

    /// The first of some workers in the order of the policy among those whom a unit fits; the first of equals.
    fn first_in_order(
        &self,
        question: &Question,
        choices: &Choices,
        workers: &[u32],
    ) -> Option<u32> {
        let mut best = None;
        let mut least = f64::INFINITY;
        let turns = workers.len() as u32;
        let by_ratio = matches!(choices.allocation, Allocation::LeastLoaded { .. });
        for (at, worker) in workers.iter().enumerate() {
            let place = &self.board.places[*worker as usize];
            if place.limit < 0.0 {
                continue;
            }
            if question.is_discussed && self.board.declined[*worker as usize] {
                continue;
            }
            let is_free = question.regardless || question.is_open;
            if !(is_free || self.fits(question, choices, *worker)) {
                continue;
            }
            // The commonest order looks at the small table of places alone.
            let rank = if by_ratio {
                place.ratio
            } else {
                self.rank(question, choices, *worker, (at as u32, turns))
            };
            if best.is_none() || rank < least {
                (best, least) = (Some(*worker), rank);
            }
        }
        best
    }

    /// Rank of a worker in an order that looks at more than the load.
    ///
    /// * `turn` - place among those who are asked, and how many they are
    fn rank(
        &self,
        question: &Question,
        choices: &Choices,
        worker: u32,
        (at, turns): (u32, u32),
    ) -> f64 {
        let holder = self.worker(worker);
        let last = self.board.last_taker[holder.team as usize];
        let allocation = &choices.allocation;
        let candidate = Candidate {
            ratio: self.board.places[worker as usize].ratio,
            days_in_post: self.now - holder.started,
            turn: (at + turns - last % turns) % turns,
            lot: if allocation.draws_lots() {
                self.lot(question.unit, worker)
            } else {
                0.0
            },
            view: if allocation.is_perceived() {
                self.view(worker)
            } else {
                0.0
            },
        };
        allocation.rank(&candidate, question.weight, question.regardless)
    }

    /// Whether the worker who is asked declines: one draw for each unit, worker and day.
    fn declines(&mut self, unit: u32, worker: u32, discussion: Discussion) -> bool {
        let holder = self.worker(worker);
        let chance = discussion.declines(holder.ratio);
        if chance <= 0.0 {
            return false;
        }
        let (identity, team) = (self.case(unit).identity, holder.team);
        let occasion = (u64::from(self.now as u32) << 32) | u64::from(worker);
        let mut stream = self
            .luck
            .stream(Kind::Child, identity, occasion, Purpose::Discussion);
        let declines = stream.uniform() < chance;
        if declines {
            self.board.observer.add(team, Sum::Declined, 1.0);
        }
        declines
    }

    /// The lot of a worker for a unit: one draw for each time that the unit has become unallocated.
    fn lot(&self, unit: u32, worker: u32) -> f64 {
        let at = self.case(unit);
        let occasion = (u64::from(at.waits) << 32) | u64::from(worker);
        let mut stream = self
            .luck
            .stream(Kind::Child, at.identity, occasion, Purpose::Lot);
        stream.uniform()
    }

    /// How a manager sees the load of a person today: a standard normal, for the logarithm of the error.
    fn view(&self, worker: u32) -> f64 {
        let (kind, post) = self.person_kind(worker);
        let incumbent = self.worker(worker).incumbent;
        let occasion = (u64::from(incumbent) << 32) | u64::from(self.now as u32);
        normal(&mut self.luck.stream(kind, post, occasion, Purpose::View))
    }

    /// The least loaded worker of a team, for the opening caseload, when nobody is held to a limit yet; ties go to the
    /// lowest post.
    pub(super) fn least_loaded(&self, team: u16) -> Option<u32> {
        if let Some(worker) = self.first_on_ladder(team) {
            return Some(worker);
        }
        let mut best: Option<u32> = None;
        let ratio = |worker: u32| self.board.places[worker as usize].ratio;
        for worker in &self.roster.team_workers[team as usize] {
            if self.board.places[*worker as usize].limit >= 0.0
                && best.is_none_or(|best| ratio(*worker) < ratio(best))
            {
                best = Some(*worker);
            }
        }
        best
    }
}
