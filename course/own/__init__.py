"""What is the learner's own: the functions that are kept in the folder my_rnn, and how far they have come.

folder.py     the folder: a file for each taught name, theirs or a stand-in of the course
gather.py     the text of such a file: what a function of a page needs to stand there
kept.py       check keeps a right function here, and own_functions() reads what is there
loading.py    runs the files afresh;  stand_ins.py: what stands where nothing of theirs is right yet
old_file.py   takes over the one file, my_rnn.py, of an earlier edition
one_page.py   the whole network as one file: python -m course.own
counts.py     which functions run, and how often: counted while they run
progress.py   what is done, what is open, and what comes next
"""
