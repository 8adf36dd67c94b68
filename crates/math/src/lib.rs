//! Branch-free elementary functions and special functions with the same bits on every machine.
