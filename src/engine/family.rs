//! Families: how they come, how they come back, and who is open at the origin.

use crate::engine::case::{NOBODY, State};
use crate::engine::observer::Sum;
use crate::engine::play::{ARRIVAL, Moment, Play};
use crate::engine::stage::Age;
use crate::model::calendar::DAYS_PER_MONTH;
use crate::policy::arrow::Arrow;
use crate::random::draw::{choose, draw, equilibrium, exponential, gamma, poisson};
use crate::random::stream::{Kind, Purpose, Stream};
use crate::scenario::sections::{Arrivals, FAMILY_LIMIT, Opening};

/// Key of a child: kind of its family, number of the family, place in it.
fn child(kind: Kind, family: u64, place: usize) -> u64 {
    ((kind as u64) << 40) | (family * FAMILY_LIMIT as u64 + place as u64)
}

impl Play<'_> {
    /// Enters the next family to come.
    pub(super) fn schedule_arrival(&mut self) {
        let world = self.world;
        let number = self.arriving.families;
        let time = match &world.scenario.referrals.arrivals {
            Arrivals::Replay { families } => families
                .get(number as usize)
                .map_or(f64::INFINITY, |family| family.time),
            Arrivals::Poisson {
                overdispersion,
                working_days_only,
                ..
            } => self.next_poisson(number, *overdispersion, *working_days_only),
        };
        self.board
            .agenda
            .set(ARRIVAL, time, Moment::Referral.rank());
    }

    /// Walks through the months until an exponential amount of rate is used up.
    fn next_poisson(&mut self, number: u64, overdispersion: f64, working_days_only: bool) -> f64 {
        let calendar = &self.world.scenario.calendar;
        let mut left = exponential(&mut self.luck.stream(
            Kind::Referral,
            number,
            0,
            Purpose::Arrival,
        ));
        while let Some(month) = calendar.months.get(self.arriving.month) {
            let rate = self.world.arrival_rates[self.arriving.month] * self.arriving.noise;
            let days = if working_days_only {
                f64::from(calendar.working_days_between(month.begins, month.ends))
            } else {
                month.ends - month.begins
            };
            let held = rate * (days - self.arriving.used);
            if left < held {
                self.arriving.used += left / rate;
                let used = self.arriving.used;
                if !working_days_only {
                    return month.begins + used;
                }
                // The n-th working day of the month, and the same part of it.
                let mut day = calendar.working_day_from(month.begins as u32).unwrap_or(0);
                for _ in 0..used as u32 {
                    day = calendar.working_day_from(day + 1).unwrap_or(day);
                }
                return f64::from(day) + used.fract();
            }
            left -= held;
            self.arriving.month += 1;
            self.arriving.used = 0.0;
            self.draw_noise(overdispersion);
        }
        f64::INFINITY
    }

    /// Draws the noise factor of the month at hand.
    fn draw_noise(&mut self, overdispersion: f64) {
        self.arriving.noise = 1.0;
        let months = &self.world.scenario.calendar.months;
        if let (Some(month), true) = (months.get(self.arriving.month), overdispersion > 0.0) {
            let key = month.since_start as i64 as u64;
            let mut stream = self.luck.stream(Kind::Month, key, 0, Purpose::Noise);
            self.arriving.noise = overdispersion * gamma(1.0 / overdispersion, &mut stream);
        }
    }

    /// Starts the stream of referrals.
    pub(super) fn start_arrivals(&mut self) {
        if let Arrivals::Poisson { overdispersion, .. } = self.world.scenario.referrals.arrivals {
            self.draw_noise(overdispersion);
        }
        self.schedule_arrival();
    }

    /// A family comes.
    pub(super) fn referral_due(&mut self) {
        let world = self.world;
        let referrals = &world.scenario.referrals;
        let mut number = self.arriving.families;
        let (mut size, mut given_stage, mut given_area) = (None, None, None);
        if let Arrivals::Replay { families } = &referrals.arrivals {
            let family = &families[number as usize];
            number = u64::from(family.row);
            (size, given_stage, given_area) = (family.children, family.stage, family.area);
        }
        let (drawn_size, drawn_area) = match world.certain_family {
            Some(family) => family,
            None => {
                let mut stream = self.luck.stream(Kind::Referral, number, 0, Purpose::Family);
                let size = *choose(&referrals.family_size, &mut stream);
                (size, *choose(&world.scenario.areas, &mut stream))
            }
        };
        let area = given_area.unwrap_or(drawn_area);
        let size = size.unwrap_or(drawn_size);
        let first_stage = |play: &Play<'_>, identity: u64| {
            let luck = play.luck;
            let mut stream = luck.stream(Kind::Child, identity, 0, Purpose::FirstStage);
            given_stage.unwrap_or(*choose(&referrals.first_stage, &mut stream)) as u16
        };
        if self.phase.threshold.is_some() {
            let stage = first_stage(self, child(Kind::Referral, number, 0));
            let team = world.team_of(area as u16, stage);
            if self.board.screening[team as usize]
                && self.screens_out_family(number, area, size, team)
            {
                self.arriving.families += 1;
                self.schedule_arrival();
                return;
            }
        }
        self.arriving.families += 1;
        self.schedule_arrival();
        let family = self.add_family(area);
        if size == 1 {
            let identity = child(Kind::Referral, number, 0);
            let case = self.refer(family, identity, first_stage(self, identity));
            self.seek_worker(&[case]);
            return;
        }
        let mut hand = self.take_hand();
        for place in 0..size {
            let identity = child(Kind::Referral, number, place);
            hand.push(self.refer(family, identity, first_stage(self, identity)));
        }
        self.seek_worker(&hand);
        self.board.hand = hand;
    }

    /// A child is referred, with its family.
    #[inline(always)]
    fn refer(&mut self, family: u32, identity: u64, stage: u16) -> u32 {
        let case = self.add_case(family, identity);
        let now = self.now;
        if now >= self.world.scenario.calendar.start {
            self.case_mut(case).waiting_mark = self.world.waiting_mark(now);
        }
        self.open(case, stage, Sum::Referrals);
        case
    }

    /// Whether a new family is turned away, and, where it is, whether it comes again.
    ///
    /// * returns - true where it is turned away, now at least
    fn screens_out_family(&mut self, number: u64, area: usize, size: usize, team: u16) -> bool {
        let Some(threshold) = &self.phase.threshold else {
            return false;
        };
        let mut stream = self
            .luck
            .stream(Kind::Referral, number, 0, Purpose::Screening);
        if !threshold.screens(stream.uniform()) {
            return false;
        }
        let observer = &mut self.board.observer;
        observer.add(team, Sum::Referrals, size as f64);
        observer.add(team, Sum::ScreenedOut, size as f64);
        if let Some((time, stage)) = self.comes_again(&mut stream) {
            let family = self.add_family(area);
            let mut eldest = NOBODY;
            for place in 0..size {
                let case = self.add_case(family, child(Kind::Referral, number, place));
                if eldest == NOBODY {
                    eldest = case;
                }
                self.send_away(case, eldest, stage);
            }
            self.schedule_return(eldest, time);
        }
        true
    }

    /// When, and at which stage, a family that is turned away comes again; nothing where it does not before the end.
    fn comes_again(&self, stream: &mut Stream) -> Option<(f64, u16)> {
        let back = self.phase.threshold.as_ref()?.comes_back.as_ref()?;
        let comes = back.comes(stream.uniform());
        let time = self.now + draw(&back.delay, stream);
        let horizon = self.world.scenario.calendar.horizon;
        (comes && time <= horizon).then_some((time, back.stage as u16))
    }

    /// A child is away until its family comes again, with the eldest of those who do.
    fn send_away(&mut self, case: u32, eldest: u32, stage: u16) {
        let at = self.case_mut(case);
        at.state = State::Away;
        at.unit = eldest;
        at.again_at = Some(stage);
    }

    fn schedule_return(&mut self, eldest: u32, time: f64) {
        let number = self.case(eldest).number;
        let slot = self.case_slot(eldest);
        self.board
            .agenda
            .set(slot, time, Moment::Exit.of_case(None, number));
    }

    fn add_family(&mut self, area: usize) -> u32 {
        self.board.cases.add_family(area as u16)
    }

    #[inline(always)]
    fn add_case(&mut self, family: u32, identity: u64) -> u32 {
        let case = self.board.cases.add_case(family, identity, self.now);
        if self.board.units.len() <= case as usize {
            self.board
                .units
                .resize(case as usize + 1, Default::default());
            let slots = self.unit_slot(case) as usize + 1;
            self.board.agenda.grow(slots);
        }
        case
    }

    /// A spell begins: the case enters its first stage and needs a worker.
    #[inline(always)]
    fn open(&mut self, case: u32, stage: u16, counted_as: Sum) {
        let now = self.now;
        let team = self.home(case, stage);
        let at = self.case_mut(case);
        at.team = team;
        at.entries = 0;
        at.was_allocated = false;
        at.unmet = 0.0;
        at.spell_begins = now;
        at.since = now;
        self.enter_stage(case, stage, Age::New);
        #[cfg(test)]
        self.note(crate::engine::play::What::Opened, case, NOBODY);
        self.board.observer.add(team, counted_as, 1.0);
        self.board.observer.change_cases(team, now, 1.0, 0.0);
        self.board.observer.change_stage(stage, now, 1.0, 0.0);
    }

    /// A closed case is due: at 24:00 of its day, whether the family's children closed that day return; later, their return.
    pub(super) fn closed_case_due(&mut self, case: u32) {
        if self.case(case).state == State::Away {
            self.come_back(case);
        } else {
            self.draw_return(case);
        }
    }

    fn draw_return(&mut self, case: u32) {
        let now = self.now;
        let Some(returns) = &self.world.scenario.returns else {
            return;
        };
        let mut hand = self.take_hand();
        self.siblings(case, &mut hand, |child| {
            child.state == State::Closed && child.since < now
        });
        let unmet = hand.iter().map(|c| self.mean_unmet(*c)).sum::<f64>() / hand.len() as f64;
        let effect = if self.is_cut(Arrow::UnmetNeedReturns) {
            0.0
        } else {
            returns.unmet_effect
        };
        let chance = (returns.probability * (1.0 + effect * unmet)).min(1.0);
        let eldest = self.case(case);
        let occasion = u64::from(eldest.spell);
        let mut stream = self
            .luck
            .stream(Kind::Child, eldest.identity, occasion, Purpose::Return);
        // Nothing else is drawn from this stream, so that the delay of those who stay away need not be.
        let comes_back = stream.uniform() < chance;
        let time = if comes_back {
            now + draw(&returns.delay, &mut stream)
        } else {
            f64::INFINITY
        };
        for at in &hand {
            let slot = self.case_slot(*at);
            self.board.agenda.clear(slot);
        }
        if time <= self.world.scenario.calendar.horizon {
            for at in &hand {
                let closed = self.case_mut(*at);
                closed.state = State::Away;
                closed.unit = case;
            }
            self.schedule_return(case, time);
        } else {
            for at in &hand {
                self.board.cases.free(*at);
            }
        }
        self.board.hand = hand;
    }

    /// Time average of unmet need in the spell of a case that has closed [1].
    fn mean_unmet(&self, case: u32) -> f64 {
        let at = self.case(case);
        let days = at.since - at.spell_begins;
        if days > 0.0 {
            (at.unmet / days).clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// A family comes back, or comes again after it was turned away.
    fn come_back(&mut self, case: u32) {
        let world = self.world;
        let mut hand = self.take_hand();
        self.siblings(case, &mut hand, |child| {
            child.state == State::Away && child.unit == case
        });
        for at in &hand {
            let back = self.case_mut(*at);
            back.spell += 1;
            back.unit = NOBODY;
        }
        let stage_of = |play: &Play<'_>, at: u32| {
            let back = play.case(at);
            if let Some(stage) = back.again_at {
                return stage;
            }
            let (identity, spell) = (back.identity, u64::from(back.spell));
            let luck = play.luck;
            let mut stream = luck.stream(Kind::Child, identity, spell, Purpose::FirstStage);
            let returns = world.scenario.returns.as_ref();
            returns.map_or(0, |returns| *choose(&returns.to, &mut stream) as u16)
        };
        let team = self.home(case, stage_of(self, case));
        if self.screens_out_return(case, team, &hand) {
            self.board.hand = hand;
            return;
        }
        for at in &hand {
            let stage = stage_of(self, *at);
            self.case_mut(*at).again_at = None;
            self.open(*at, stage, Sum::Returns);
        }
        self.seek_worker(&hand);
        self.board.hand = hand;
    }

    /// Whether a family that returns is turned away; one that does not come again leaves the books.
    fn screens_out_return(&mut self, case: u32, team: u16, hand: &[u32]) -> bool {
        let Some(threshold) = &self.phase.threshold else {
            return false;
        };
        if !threshold.screens_returns || !self.board.screening[team as usize] {
            return false;
        }
        let at = self.case(case);
        let (identity, spell) = (at.identity, u64::from(at.spell));
        let mut stream = self
            .luck
            .stream(Kind::Child, identity, spell, Purpose::Screening);
        if !threshold.screens(stream.uniform()) {
            return false;
        }
        let children = hand.len() as f64;
        self.board.observer.add(team, Sum::Returns, children);
        self.board.observer.add(team, Sum::ScreenedOut, children);
        match self.comes_again(&mut stream) {
            Some((time, stage)) => {
                for at in hand {
                    self.send_away(*at, case, stage);
                }
                self.schedule_return(case, time);
            }
            None => {
                for at in hand {
                    self.board.cases.free(*at);
                }
            }
        }
        true
    }

    /// Opens the cases that are there at the origin, and those that will return.
    pub(super) fn open_cases(&mut self) {
        let world = self.world;
        let mut families = 0;
        match &world.scenario.opening {
            Opening::Counts(counts) => {
                for (stage, count) in counts.iter().enumerate() {
                    let mut left = *count as usize;
                    while left > 0 {
                        left -= self.open_family(families, left, Some(stage));
                        families += 1;
                    }
                }
            }
            Opening::Mix { total, .. } => {
                let mut left = *total as usize;
                while left > 0 {
                    left -= self.open_family(families, left, None);
                    families += 1;
                }
            }
            Opening::Listed(cases) => {
                let mut at = 0;
                while at < cases.len() {
                    let length = cases[at..]
                        .iter()
                        .take_while(|c| c.family == cases[at].family)
                        .count();
                    let mut stream = self
                        .luck
                        .stream(Kind::Opening, families, 0, Purpose::Family);
                    let drawn = *choose(&world.scenario.areas, &mut stream);
                    let family = self.add_family(cases[at].area.unwrap_or(drawn));
                    for (place, listed) in cases[at..at + length].iter().enumerate() {
                        let case = self.add_case(family, child(Kind::Opening, families, place));
                        self.open_settled(case, listed.stage as u16, Age::Days(listed.age_days));
                    }
                    at += length;
                    families += 1;
                }
            }
        }
        self.owe_returns();
    }

    /// One family of the opening caseload, all in one stage.
    ///
    /// * `most` - children at most; * returns - its children
    fn open_family(&mut self, number: u64, most: usize, stage: Option<usize>) -> usize {
        let world = self.world;
        let mut stream = self.luck.stream(Kind::Opening, number, 0, Purpose::Family);
        let size = (*choose(&world.scenario.referrals.family_size, &mut stream))
            .min(most)
            .max(1);
        let area = *choose(&world.scenario.areas, &mut stream);
        let stage = match (stage, &world.scenario.opening) {
            (None, Opening::Mix { stages, .. }) => *choose(stages, &mut stream),
            (stage, _) => stage.unwrap_or(0),
        };
        let family = self.add_family(area);
        let mut worker = None;
        for place in 0..size {
            let case = self.add_case(family, child(Kind::Opening, number, place));
            match worker {
                None => worker = self.open_settled(case, stage as u16, Age::Settled),
                Some(_) => {
                    self.open_with(case, stage as u16, Age::Settled, worker);
                }
            }
        }
        size
    }

    /// Opens a case of the opening list with the worker of its siblings in that team, or the least loaded.
    fn open_settled(&mut self, case: u32, stage: u16, age: Age) -> Option<u32> {
        let team = self.home(case, stage);
        let mut at = self.board.cases.eldest(case);
        let mut worker = None;
        while at != NOBODY && worker.is_none() {
            let sibling = self.case(at);
            if sibling.state == State::Held && sibling.team == team {
                worker = Some(sibling.worker);
            }
            at = sibling.sibling;
        }
        let worker = worker.or_else(|| self.least_loaded(team));
        self.open_with(case, stage, age, worker);
        worker
    }

    fn open_with(&mut self, case: u32, stage: u16, age: Age, worker: Option<u32>) {
        let now = self.now;
        let team = self.home(case, stage);
        self.case_mut(case).team = team;
        self.enter_stage(case, stage, age);
        #[cfg(test)]
        self.note(crate::engine::play::What::Opened, case, NOBODY);
        self.board.observer.change_cases(team, now, 1.0, 0.0);
        self.board.observer.change_stage(stage, now, 1.0, 0.0);
        match worker {
            Some(worker) => {
                self.hold(case, worker);
                self.replace(worker);
            }
            None => self.start_waiting(case),
        }
    }

    /// Children who closed before the origin and will return: a Poisson number with equilibrium delays.
    fn owe_returns(&mut self) {
        let world = self.world;
        let Some(returns) = &world.scenario.returns else {
            return;
        };
        let months = returns.delay.mean() / DAYS_PER_MONTH;
        let mean = world.scenario.closed_lately_per_month * returns.probability.min(1.0) * months;
        let mut stream = self.luck.stream(Kind::Service, 0, 0, Purpose::Count);
        for number in 0..u64::from(poisson(mean, &mut stream)) {
            let mut stream = self.luck.stream(Kind::Owed, number, 0, Purpose::Family);
            let area = *choose(&world.scenario.areas, &mut stream);
            let (_, rest) = equilibrium(&returns.delay, &mut stream);
            if rest > world.scenario.calendar.horizon {
                continue;
            }
            let family = self.add_family(area);
            let case = self.add_case(family, child(Kind::Owed, number, 0));
            let closed = self.case_mut(case);
            closed.state = State::Away;
            closed.unit = case;
            let order = Moment::Exit.of_case(None, closed.number);
            let slot = self.case_slot(case);
            self.board.agenda.set(slot, rest, order);
        }
    }
}
