//! The region pack: reading with spans, evidence, validation, precedence and locks.
