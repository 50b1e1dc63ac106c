"""Pages of the company's space about agents, their proofs, and payroll declarations."""
