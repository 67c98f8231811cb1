# What is installed beside the program. The units expect the prefix /usr.
include(GNUInstallDirs)
set(doc_folder ${CMAKE_INSTALL_DATADIR}/doc/dirsyncd)

# Units, with their drop-ins, and accounts are as many as there are in the folder.
file(GLOB units CONFIGURE_DEPENDS systemd/*.service systemd/*.timer)
file(GLOB drop_ins CONFIGURE_DEPENDS systemd/*.service.d/*.conf systemd/*.timer.d/*.conf)
file(GLOB accounts CONFIGURE_DEPENDS systemd/sysusers.d/*.conf)
file(GLOB unit_examples CONFIGURE_DEPENDS systemd/*.d/*.conf.example)
install(FILES ${units} DESTINATION lib/systemd/system)
install(FILES ${accounts} DESTINATION lib/sysusers.d)
install(FILES ${unit_examples} DESTINATION ${doc_folder}/examples)
foreach(drop_in IN LISTS drop_ins)
  cmake_path(GET drop_in PARENT_PATH folder)
  cmake_path(GET folder FILENAME folder)
  install(FILES ${drop_in} DESTINATION lib/systemd/system/${folder})
endforeach()

file(GLOB manuals_5 CONFIGURE_DEPENDS docs/man/*.5)
file(GLOB manuals_8 CONFIGURE_DEPENDS docs/man/*.8)
install(FILES ${manuals_5} DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${manuals_8} DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)

install(FILES completion/dirsyncd.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME dirsyncd)
install(FILES completion/_dirsyncd DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES completion/dirsyncd.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# The pages lie as they do here, so that their links hold.
file(GLOB pages CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md DESTINATION ${doc_folder})
install(FILES ${pages} DESTINATION ${doc_folder}/docs)
install(FILES daemon/events.md DESTINATION ${doc_folder}/daemon)
install(FILES docs/examples/dirsyncd.toml DESTINATION ${doc_folder}/examples)
