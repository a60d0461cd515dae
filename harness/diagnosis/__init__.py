"""The recipe's flow chart: from anybody's learning curves to what is wrong with a training, and what the lecture does about it.

curves.py       learning curves as data                      histories.py   read from files, of_results.py from a study
                columns.py, naming.py: which column holds what
course.py       the shape of a curve                         pooled.py                  several seeds of one arm
divergence.py   whether it diverged                          diagnosed.py               the answer: words, evidence, remedies
standing.py     whether a result is good                     command.py                 `trickbench diagnose`
flow_chart.py   the chart itself
"""
