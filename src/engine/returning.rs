//! Families that come back: whether and when is drawn at the end of the day on which their cases close.

use crate::engine::case::{NOBODY, State};
use crate::engine::play::Play;
use crate::engine::sums::Sum;
use crate::policy::arrow::Arrow;
use crate::random::draw::{choose, draw};
use crate::random::stream::Kind;
use crate::random::stream::Purpose;

impl Play<'_> {
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
            // A return is of a closed case; who was screened out and comes again is counted apart.
            let sum = match self.case_mut(*at).again_at.take() {
                Some(_) => Sum::CameAgain,
                None => Sum::Returns,
            };
            self.open(*at, stage, sum);
        }
        self.seek_worker(&hand);
        self.board.hand = hand;
    }

    /// Whether a family that returns, or comes again, is screened out; one that does not come again leaves the books.
    /// Both follow `threshold.returns`.
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
        let comes = if self.case(case).again_at.is_some() {
            Sum::CameAgain
        } else {
            Sum::Returns
        };
        self.board.observer.add(team, comes, children);
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
}
