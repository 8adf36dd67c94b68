//! Members gathered into draws, which are what intervals are clustered by.

use crate::ensemble::Chunk;

/// The members of one draw that came through in every case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draw {
    /// Index of the draw.
    pub draw: u32,
    /// `[column][member]`.
    pub values: Vec<Vec<f64>>,
}

/// Gathers members, which come in order, into draws; memory does not grow with their number.
pub struct Gather {
    replicates: u32,
    open: Draw,
}

impl Gather {
    /// A gatherer of so many columns.
    pub fn new(replicates: u32, columns: usize) -> Self {
        Self { replicates: replicates.max(1), open: Draw { draw: u32::MAX, values: vec![Vec::new(); columns] } }
    }

    /// Adds a member; hands over the draw before, when this is the first member of another.
    pub fn add(&mut self, member: u32, values: impl Iterator<Item = f64>, receive: &mut impl FnMut(&Draw)) {
        let draw = member / self.replicates;
        if draw != self.open.draw {
            self.close(receive);
            self.open.draw = draw;
        }
        for (column, value) in self.open.values.iter_mut().zip(values) {
            column.push(value);
        }
    }

    /// Adds the members of a chunk, those that are lost left out: the numbers at `columns` of each member's `width` numbers.
    pub fn chunk(&mut self, chunk: &Chunk, width: usize, columns: &[usize], receive: &mut impl FnMut(&Draw)) {
        for (i, row) in chunk.values.chunks_exact(width.max(1)).enumerate() {
            let member = chunk.first + i as u32;
            if !chunk.is_lost(member) {
                self.add(member, columns.iter().map(|&c| row[c]), receive);
            }
        }
    }

    /// Hands over the last draw.
    pub fn close(&mut self, receive: &mut impl FnMut(&Draw)) {
        if self.open.values.first().is_some_and(|v| !v.is_empty()) {
            receive(&self.open);
        }
        self.open.values.iter_mut().for_each(Vec::clear);
        self.open.draw = u32::MAX;
    }
}
