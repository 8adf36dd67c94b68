//! Where chance comes from: a pluggable source of keyed words.
//!
//! A stream is named by (key of the member, domain, entity, step); its words are a function of that name alone, so that adding a
//! mechanism, an entity or a draw elsewhere changes nothing here. Columns of monthly noise take the numbers of [`SPELL`] successive steps
//! from one stream, since a block of Philox makes four words at once.

use oxus_random::{Key, LANES, Stream};

/// Successive steps whose monthly noise comes from one stream: step `t` takes number `t % SPELL` of stream `t / SPELL`.
pub const SPELL: usize = 4;

/// A source of keyed random words. The default is [`PhiloxNoise`]; references replay other people's streams through this trait.
pub trait Noise: Send + Sync {
    /// Name of the source: two sources with equal names give equal words.
    fn id(&self) -> u64 {
        0
    }

    /// Four words number `4 * block ..` of the stream.
    fn words(&self, key: Key, domain: u64, entity: u64, step: u64, block: u64) -> [u64; 4];

    /// Fills `out[entity][number][lane]` with the first `each` uniforms of each entity's stream of this step.
    fn uniforms(&self, keys: &[Key; LANES], domain: u64, entities: &[u64], step: u64, each: usize, out: &mut [f64]);

    /// Fills `out[entity][number][lane]` with the first `each` normals of each entity's stream of this step.
    fn normals(&self, keys: &[Key; LANES], domain: u64, entities: &[u64], step: u64, each: usize, out: &mut [f64]);
}

/// Philox4x64-10, bit for bit NumPy's.
#[derive(Clone, Copy, Debug, Default)]
pub struct PhiloxNoise;

impl Noise for PhiloxNoise {
    fn words(&self, key: Key, domain: u64, entity: u64, step: u64, block: u64) -> [u64; 4] {
        Stream::block(key, [block, domain, entity, step])
    }

    fn uniforms(&self, keys: &[Key; LANES], domain: u64, entities: &[u64], step: u64, each: usize, out: &mut [f64]) {
        oxus_random::uniforms_lanes(keys, domain, entities, step, each, out);
    }

    fn normals(&self, keys: &[Key; LANES], domain: u64, entities: &[u64], step: u64, each: usize, out: &mut [f64]) {
        oxus_random::normals_lanes(keys, domain, entities, step, each, out);
    }
}

/// Successive draws from one named stream, for what branches (events and their properties).
pub struct Draws<'a> {
    noise: &'a dyn Noise,
    key: Key,
    name: [u64; 3],
    block: u64,
    words: [u64; 4],
    used: usize,
}

impl<'a> Draws<'a> {
    /// The stream of (`key`, `domain`, `entity`, `step`).
    #[inline]
    pub fn new(noise: &'a dyn Noise, key: Key, domain: u64, entity: u64, step: u64) -> Self {
        Self { noise, key, name: [domain, entity, step], block: 0, words: [0; 4], used: 4 }
    }

    /// Next raw word.
    #[inline]
    pub fn word(&mut self) -> u64 {
        if self.used == 4 {
            let [domain, entity, step] = self.name;
            self.words = self.noise.words(self.key, domain, entity, step, self.block);
            self.block += 1;
            self.used = 0;
        }
        let word = self.words[self.used];
        self.used += 1;
        word
    }

    /// Uniform in the open interval (0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        oxus_random::to_open_unit(self.word())
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -oxus_math::ln(self.uniform())
    }

    /// Standard normal, by inversion.
    pub fn normal(&mut self) -> f64 {
        oxus_math::normal_quantile(self.uniform())
    }

    /// Log-normal with the given median and standard deviation of the logarithm.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * oxus_math::exp(sigma * self.normal())
    }

    /// Poisson count with the given mean, by inversion of one uniform (so that it is monotone in the mean).
    pub fn poisson(&mut self, mean: f64) -> u64 {
        oxus_math::poisson_quantile(self.uniform(), mean) as u64
    }
}
