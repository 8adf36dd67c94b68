//! Diagnostics: code, severity, spans, labels, help; as text and as JSON.
