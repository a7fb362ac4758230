"""Refine a mail with the email pack, and say what changed and what is left."""

import self_refine

MAIL = "Hello Ann,\n\nPlease find attached the plan, in order to discuss it.\n\nBest,\nBo\n"

outcome = self_refine.refine(MAIL, ["email"])

print(outcome.text)
print(f"Stopped: {outcome.stop}")
for finding in outcome.chosen.findings:
    print(f"{finding.criterion}: {finding.problem}")
