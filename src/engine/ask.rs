//! Who takes a unit: whom it fits, who is asked first, and who says no.

use crate::engine::case::{NOBODY, State};
use crate::engine::play::{Place, Play};
use crate::engine::sums::Sum;
use crate::policy::allocation::{Allocation, Candidate};
use crate::policy::choices::Choices;
use crate::policy::discussion::Discussion;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, is_within};
use crate::random::draw::normal;
use crate::random::stream::{Kind, Purpose};

/// What is asked: a unit, and how it may be given.
#[derive(Clone, Copy, Debug)]
struct Question {
    unit: u32,
    /// What its first child and all its children add to a worker who holds none of the family.
    adds: (f64, f64),
    /// It has brothers or sisters in the books, so that what it adds may differ from worker to worker.
    has_siblings: bool,
    /// Greatest weight of its stages [points].
    weight: f64,
    /// Loads and limits summed, where the limit is one of means.
    sums: Option<(f64, f64)>,
    /// The limit is not held to: everyone may take one more.
    is_open: bool,
    /// Given to someone whatever the limit.
    regardless: bool,
    /// Whether someone who declined is passed over.
    is_discussed: bool,
}

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
    /// True where the limit of a team is held to: there is one, it is no mere advice, and it has not lapsed.
    pub(super) fn holds_to_limit(&self, team: u16) -> bool {
        let limit = self.choices(team).limit.as_ref();
        limit.is_some_and(|limit| !limit.is_advisory()) && !self.board.lapsed[team as usize]
    }

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

    fn question(&mut self, unit: u32, team: u16, discussion: Option<Discussion>) -> Question {
        let choices = self.choices(team);
        let has_siblings = !self.board.cases.is_only_child(unit);
        let mut children = std::mem::take(&mut self.board.asked);
        children.clear();
        if has_siblings {
            children.extend(self.waiting_in(unit));
        } else {
            children.push(unit);
        }
        let weights = children
            .iter()
            .map(|c| self.world.stages[self.case(*c).stage as usize].weight);
        let weight = weights.fold(0.0, f64::max);
        let limit = choices.limit.as_ref();
        let adds = match limit {
            Some(limit) => self.adds_alone(children.iter().copied(), limit.measure),
            None => (0.0, 0.0),
        };
        let sums = limit.and_then(|limit| self.sums(limit, team));
        self.board.asked = children;
        if discussion.is_some() {
            self.board.declined.fill(false);
        }
        Question {
            unit,
            adds,
            has_siblings,
            weight,
            sums,
            is_open: !self.holds_to_limit(team),
            regardless: false,
            is_discussed: discussion.is_some(),
        }
    }

    /// Loads and limits summed over the workers in post, absent or leaving too, where the limit is one of means.
    fn sums(&self, limit: &Limit, team: u16) -> Option<(f64, f64)> {
        let team = match limit.level {
            Level::Worker => return None,
            Level::TeamMean => Some(team),
            Level::ServiceMean => None,
        };
        let mut sums = (0.0, 0.0);
        for (slot, worker) in self.board.workers.iter().enumerate() {
            if worker.is_present && team.is_none_or(|team| worker.team == team) {
                sums.0 += self.load_of(slot as u32);
                sums.1 += self.limit_of(slot as u32);
            }
        }
        Some(sums)
    }

    /// What cases of one family add to a worker who holds none of it: the first, and all of them.
    #[inline]
    pub(super) fn adds_alone(
        &self,
        children: impl IntoIterator<Item = u32>,
        measure: Measure,
    ) -> (f64, f64) {
        let table = |case: u32| &self.world.stages[self.case(case).stage as usize];
        let mut children = children.into_iter();
        let Some(first) = children.next() else {
            return (0.0, 0.0);
        };
        match measure {
            Measure::Cases => (1.0, 1.0 + children.count() as f64),
            Measure::Families => (1.0, 1.0),
            Measure::Points => {
                let more: f64 = children.map(|case| table(case).weight).sum();
                (table(first).weight, table(first).weight + more)
            }
            Measure::Hours => {
                let more: f64 = children.map(|case| table(case).sibling_hours).sum();
                (table(first).hours, table(first).hours + more)
            }
        }
    }

    /// What cases of one family add to a worker, in the measure of its limit: the first, and all of them. A family of
    /// which the worker holds a child is no further family, and its first child alone needs its hours in full.
    pub(super) fn adds(&self, children: &[u32], worker: u32) -> (f64, f64) {
        let holder = self.worker(worker);
        let limit = self.choices(holder.team).limit.as_ref();
        let measure = limit.map_or(Measure::Cases, |limit| limit.measure);
        let adds = self.adds_alone(children.iter().copied(), measure);
        let Some(first) = children.first() else {
            return adds;
        };
        if self.board.cases.is_only_child(*first) {
            return adds;
        }
        let number = self.case(*first).number;
        let mut eldest = self.board.cases.eldest(*first);
        while eldest != NOBODY && self.case(eldest).worker != worker {
            eldest = self.case(eldest).sibling;
        }
        if eldest == NOBODY {
            return adds;
        }
        // What the first of a family here asks more than the others.
        let more = |case: u32| {
            let table = &self.world.stages[self.case(case).stage as usize];
            table.hours - table.sibling_hours
        };
        match measure {
            Measure::Cases | Measure::Points => adds,
            Measure::Families => (0.0, 0.0),
            Measure::Hours if self.case(eldest).number < number => {
                (adds.0 - more(*first), adds.1 - more(*first))
            }
            Measure::Hours => (adds.0 - more(eldest), adds.1 - more(eldest)),
        }
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

    /// True where cases of one family fit a newcomer's own limit, their kind of work and the limits of means left
    /// aside: they come from the worker who covered the post.
    pub(super) fn fits_alone(&self, worker: u32, place: Place, adds: (f64, f64)) -> bool {
        let limit = self.choices(self.worker(worker).team).limit.as_ref();
        limit.is_none_or(|limit| limit.holds(place.load, place.limit, adds.0, adds.1))
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

    /// True where a worker may take a unit under the limit.
    fn fits(&self, question: &Question, choices: &Choices, worker: u32) -> bool {
        let Some(limit) = &choices.limit else {
            return true;
        };
        let (first, whole) = if question.has_siblings {
            self.adds(&self.board.asked, worker)
        } else {
            question.adds
        };
        let place = self.board.places[worker as usize];
        let (load, most) = question.sums.unwrap_or((place.load, place.limit));
        limit.holds(load, most, first, whole)
            && limit
                .mix
                .iter()
                .all(|mix| self.mix_holds(limit, mix, worker))
    }

    /// True where the cases asked about fit a worker's limit on one kind of work: as for the whole, the first of them,
    /// and all of them where a family may not pass the limit.
    fn mix_holds(&self, limit: &Limit, mix: &Mix, worker: u32) -> bool {
        let counts = |case: u32| {
            let stage = self.case(case).stage as usize;
            if !mix.stages.get(stage).copied().unwrap_or(false) {
                return 0.0;
            }
            match mix.most {
                Most::Cases(_) => 1.0,
                Most::ShareOfPoints(_) => self.world.stages[stage].weight,
            }
        };
        let holder = self.worker(worker);
        let held: f64 = holder.held().map(counts).sum();
        let most = limit.most_of_mix(mix, &holder.for_limit());
        let children = &self.board.asked;
        let first = children.first().map_or(0.0, |case| counts(*case));
        let whole: f64 = children.iter().map(|case| counts(*case)).sum();
        let overshoot = limit.family_overshoot;
        (first == 0.0 || is_within(held + first, most))
            && (whole == 0.0
                || overshoot.is_none_or(|overshoot| is_within(held + whole, most + overshoot)))
    }

    /// True where some worker of a team has room for the least that a unit may add.
    pub(super) fn has_room(&self, team: u16) -> bool {
        let choices = self.choices(team);
        let least = match &choices.limit {
            Some(limit) if self.holds_to_limit(team) && limit.level == Level::Worker => {
                match limit.measure {
                    Measure::Cases => 1.0,
                    Measure::Points => self.world.least_weight,
                    Measure::Families | Measure::Hours => f64::NEG_INFINITY,
                }
            }
            _ => f64::NEG_INFINITY,
        };
        // Whoever stands on the ladder has room for the least that a unit adds.
        if least > f64::NEG_INFINITY && self.first_on_ladder(team).is_some() {
            return true;
        }
        let workers = self.roster.team_workers[team as usize].iter();
        workers
            .map(|worker| self.board.places[*worker as usize])
            .any(|place| place.limit >= 0.0 && is_within(place.load + least, place.limit))
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
