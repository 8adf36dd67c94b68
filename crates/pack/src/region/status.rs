use super::Status;

impl Status {
    /// All of them, strongest first.
    pub const ALL: [Self; 5] = [Self::Cited, Self::Derived, Self::Estimated, Self::Literature, Self::Assumed];

    /// The weaker of two: a combination is founded no better than its weakest part.
    #[must_use]
    pub fn weakest(self, other: Self) -> Self {
        self.max(other)
    }

    /// The weakest of several; `None` of none.
    pub fn weakest_of(statuses: impl IntoIterator<Item = Self>) -> Option<Self> {
        statuses.into_iter().max()
    }
}
