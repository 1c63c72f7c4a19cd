"""What was tried once so that the pages can say it: started by hand, from the folder of the course, never by a page.

    python -m experiments.page_runs                     the networks and numbers in data/ that pages load
    python -m experiments.gates_table                   the two tables of page 12
    python -m experiments.gru_run                       the three GRUs that page 13 probes
    python -m experiments.claims                        how far general claims of the pages hold on two texts
    python -m experiments.benchmarks.league             page 14: what each model needs for the last tenth, in bits
    python -m experiments.benchmarks.peers              page 20: how fast the engine is beside JAX
    python -m experiments.benchmarks.small_to_engine    page 11: what each step to the engine is worth
    python -m experiments.benchmarks.time_to_loss       page 11: how soon each recipe reaches the loss of 2019
    python -m experiments.benchmarks.writing            how soon a network writes a character, beside plain NumPy

Each has --help. data/README.md says what is stored, and tests/experiments that it is complete and comes out again.
"""
