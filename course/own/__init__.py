"""The learner's own work: the functions in the folder my_rnn, and the progress through the exercises.

kept.py       check keeps a right function in the folder, and own_functions() reads the folder
epochs.py     the loop of page 06, which trains the network
gather.py     the text of a file: the cell with the function, and what it needs from the page
folder.py     the folder: paths, reading and writing of its files
loading.py    runs the files, each by itself, and then connects all functions by name
one_page.py   the whole network as one file
counts.py     which functions run, and how often
memory.py     the last result of check for each exercise
progress.py   what is done, what is open, and what comes next
practice.py   finding the wrong line in a function that is done
"""
