"""The flat token kernel: SpiffWorkflow's specs, Task, workflow and EventManager, subclassed so that nothing of the past is kept.

SpiffWorkflow keeps a tree of every task that ever was and predicts those to come; joins, loops and data read that tree, so a
process that runs for years grows and in the end stalls. Here a `Token` exists from when it arrives at an element until it
leaves it; variables belong to a `Scope` that tokens refer to; what waits for an event listens in `Listeners`. A `ProcessSpec`
is parsed once per process version by SpiffWorkflow's parsers, shared by all instances and threads, and never written to.

`workflow` moves tokens, `spec` is what every element has in common, and each family of elements stands in its own module.
"""
