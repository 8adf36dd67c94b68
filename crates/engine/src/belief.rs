//! How strong each link is in each draw: spike and slab from the words of its claims, correlated within a claimant, within a node budget.

use oxus_kernel::{Link, Model};
use oxus_math::{normal_cdf, normal_quantile};
use oxus_pack::region::{self, Belief, Claim, Name, Region, Sign, View};
use oxus_pack::strength::{LinkPrior, of_claims};
use oxus_random::{Distribution, hash64, scrambled_uniform};

/// Correlation of existence among links of one claimant (claims.md of the design; published in the book).
const WITHIN_CLAIMANT: f64 = 0.3;
/// The root of the sum of squares of the strengths that arrive at one modifier is at most this.
pub const NODE_BUDGET: f64 = 0.7;

/// One side of what is believed of a link; an uncontested link has one.
#[derive(Clone, Debug)]
struct Side {
    exists: f64,
    size: Distribution,
    sign: f64,
    sign_holds: f64,
    claimant: u64,
}

/// A uniform that strengths are drawn by; links and claimants by the hash of their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Which side of a contested link is right.
    Side(u64),
    /// What is common to all links of a claimant.
    Claimant(u64),
    /// Whether a link exists, apart from what is common to its claimant.
    Exists(u64),
    /// Whether its sign is as claimed.
    Sign(u64),
    /// Its size if it exists.
    Size(u64),
}

impl Part {
    /// Key of the uniform.
    pub fn key(self) -> u64 {
        match self {
            Self::Side(link) => link ^ hash64("link.side"),
            Self::Claimant(claimant) => claimant ^ hash64("link.claimant"),
            Self::Exists(link) => link ^ hash64("link.exists"),
            Self::Sign(link) => link ^ hash64("link.sign"),
            Self::Size(link) => link ^ hash64("link.size"),
        }
    }
}

/// What a view believes of every link, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Beliefs {
    links: Vec<(u64, Vec<Side>)>,
    /// Links by the modifier they arrive at.
    nodes: Vec<Vec<usize>>,
    typical: Vec<f64>,
}

impl Beliefs {
    /// Beliefs of a view (`None`: pooled) about the model's links.
    pub fn of(region: &Region, model: &Model, view: Option<&str>) -> Self {
        let view = view.and_then(|v| region.views.get(v));
        let links = model.links().iter().map(|l| (hash64(&l.id), sides(region, l, view))).collect();
        let mut targets: Vec<usize> = model.links().iter().map(|l| l.to).collect();
        targets.sort_unstable();
        targets.dedup();
        let arriving = |t: &usize| model.links().iter().enumerate().filter(|(_, l)| l.to == *t).map(|(i, _)| i).collect();
        Self { links, nodes: targets.iter().map(arriving).collect(), typical: model.links().iter().map(|l| model.spec(l.to).typical).collect() }
    }

    /// Multiplies the strengths of links, given by their place in the model, in all draws; the node budget has had its say before.
    pub(crate) fn scale(&mut self, factor: impl Fn(usize) -> f64) {
        self.typical.iter_mut().enumerate().for_each(|(link, typical)| *typical *= factor(link));
    }

    /// Strengths of all links in a draw, on the scales of their targets; 0 for a link that does not exist.
    pub fn draw(&self, seed: u64, draw: u32) -> Vec<f64> {
        self.at(|part| scrambled_uniform(seed, part.key(), draw))
    }

    /// Strengths of all links at given uniforms.
    pub fn at(&self, uniform: impl Fn(Part) -> f64) -> Vec<f64> {
        let mut strengths: Vec<f64> = self
            .links
            .iter()
            .map(|(id, sides)| {
                let Some(side) = choose(sides, uniform(Part::Side(*id))) else { return 0.0 };
                let common = normal_quantile(uniform(Part::Claimant(side.claimant)));
                let own = normal_quantile(uniform(Part::Exists(*id)));
                let latent = WITHIN_CLAIMANT.sqrt() * common + (1.0 - WITHIN_CLAIMANT).sqrt() * own;
                if normal_cdf(latent) >= side.exists {
                    return 0.0;
                }
                let sign = if uniform(Part::Sign(*id)) < side.sign_holds { side.sign } else { -side.sign };
                sign * side.size.quantile(uniform(Part::Size(*id)))
            })
            .collect();
        for node in &self.nodes {
            let norm = node.iter().map(|&i| strengths[i] * strengths[i]).sum::<f64>().sqrt();
            if norm > NODE_BUDGET {
                node.iter().for_each(|&i| strengths[i] *= NODE_BUDGET / norm);
            }
        }
        strengths.iter().zip(&self.typical).map(|(s, t)| s * t).collect()
    }
}

/// One side a draw, by weight of existence; opposite signs are never averaged.
fn choose(sides: &[Side], u: f64) -> Option<&Side> {
    let total: f64 = sides.iter().map(|s| s.exists).sum();
    let mut left = u * total;
    sides.iter().find(|s| {
        left -= s.exists;
        left < 0.0
    })
}

fn sides(region: &Region, link: &Link, view: Option<&View>) -> Vec<Side> {
    let Some(source) = region.links.get(&link.id) else { return Vec::new() };
    if source.contested.is_empty() {
        let sign = signed(source.sign.unwrap_or(Sign::Plus));
        return side(region, source, &source.claims, sign, view).into_iter().collect();
    }
    let sides = source.contested.values().filter_map(|c| side(region, source, &c.claims, signed(c.sign), view));
    sides.collect()
}

fn signed(sign: Sign) -> f64 {
    match sign {
        Sign::Plus => 1.0,
        Sign::Minus => -1.0,
    }
}

fn side(region: &Region, link: &region::Link, claims: &[Name], sign: f64, view: Option<&View>) -> Option<Side> {
    let claims: Vec<&Claim> = claims.iter().filter_map(|c| region.claims.get(&c.id)).collect();
    let mut prior: LinkPrior = of_claims(&claims)?;
    if let region::Strength::Set(number) = &link.strength {
        prior.size = number.value.clone();
    }
    let contested = !link.contested.is_empty();
    if let Some(view) = view {
        let stated = |c: &&Claim| view.believes.get(&c.claimant).copied();
        let believed = claims.iter().filter_map(stated).find_map(|b| match b {
            Belief::Exists(p) => Some(p),
            Belief::Pooled => None,
        });
        let others = match view.others {
            Belief::Exists(p) => Some(p),
            Belief::Pooled => None,
        };
        // a view denies the other sides of what it contests
        let denied = if contested { view.denied } else { None };
        if let Some(p) = believed.or(denied).or(others) {
            prior.exists = p;
        }
    }
    let claimant = hash64(claims.first().map_or("", |c| c.claimant.as_str()));
    Some(Side { exists: prior.exists, size: prior.size, sign, sign_holds: prior.sign_holds, claimant })
}
