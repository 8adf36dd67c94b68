//! Dimensions, units, money with a price year, and months.
