//! Instruments, their versions and articles, and citations of them (法律).
