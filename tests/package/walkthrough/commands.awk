# The commands of a page that are to be followed: what stands in each ```sh block after a line <!-- walkthrough -->.
/^<!-- walkthrough -->$/ { wanted = 1; next }
/^```sh$/ && wanted { inside = 1; wanted = 0; next }
/^```/ { inside = 0 }
inside
