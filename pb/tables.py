"""Every room's tables, for the migrations."""

import pb.decide.tables
import pb.divide.tables
import pb.evening.tables
import pb.grants.tables
import pb.inviting.tables
import pb.panel.tables
import pb.people.tables
import pb.plans.tables
import pb.rounds.tables
import pb.sortition.tables
import pb.store.journal  # noqa: F401
