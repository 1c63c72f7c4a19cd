"""What is the learner's own: the functions that are kept in the folder my_rnn, and how far they have come.

kept.py       check keeps a right function in the folder, and own_functions() reads what is there
gather.py     the text of a file: the cell in which the function was typed, and what it needs from the page
folder.py     the folder: where its files are, reading and writing them
loading.py    runs the files, each by itself, then lets all functions find each other by name
one_page.py   the whole network as one file: python -m course.own
counts.py     which functions run, and how often: counted while they run
memory.py     what check said last of each exercise
progress.py   what is done, what is open, and what comes next
"""
