//! Backup and restore in a format of our own, between both databases.
