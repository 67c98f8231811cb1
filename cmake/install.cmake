# What is installed beside the program and the units.
include(GNUInstallDirs)
set(doc_folder ${CMAKE_INSTALL_DATADIR}/doc/dirsyncd)

file(GLOB manuals_5 CONFIGURE_DEPENDS docs/man/*.5)
file(GLOB manuals_8 CONFIGURE_DEPENDS docs/man/*.8)
install(FILES ${manuals_5} DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${manuals_8} DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)

install(FILES completion/dirsyncd.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME dirsyncd)
install(FILES completion/_dirsyncd DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES completion/dirsyncd.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# The pages lie as they do here, so that their links hold.
file(GLOB pages CONFIGURE_DEPENDS docs/*.md docs/*.yml docs/*.json)
install(FILES README.md DESTINATION ${doc_folder})
install(FILES ${pages} DESTINATION ${doc_folder}/docs)
install(FILES daemon/events.md DESTINATION ${doc_folder}/daemon)
install(FILES docs/examples/dirsyncd.toml DESTINATION ${doc_folder}/examples)
