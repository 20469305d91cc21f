# `cmake --install`: programs, headers, both libraries, a pkg-config file and a CMake package.
include(CMakePackageConfigHelpers)

if(TARGET keratin-cli)
    install(TARGETS keratin-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    # The program prints its own manual page and completion, from the tables that it parses its options by.
    if(NOT CMAKE_CROSSCOMPILING)
        install(CODE "
            foreach(page man:${CMAKE_INSTALL_MANDIR}/man1/keratin.1
                    bash:${CMAKE_INSTALL_DATADIR}/bash-completion/completions/keratin)
                string(REPLACE : \";\" pair \${page})
                list(GET pair 0 kind)
                list(GET pair 1 file)
                set(file \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/\${file}\")
                get_filename_component(folder \${file} DIRECTORY)
                file(MAKE_DIRECTORY \${folder})
                execute_process(COMMAND $<TARGET_FILE:keratin-cli> help --\${kind}
                    OUTPUT_FILE \${file} COMMAND_ERROR_IS_FATAL ANY)
                message(STATUS \"Installing: \${file}\")
            endforeach()")
    endif()
endif()
install(TARGETS keratin-static keratin-shared EXPORT keratin
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")

# Absolute paths of linked libraries become -l flags for pkg-config users of the static library.
set(KERATIN_PC_PRIVATE "-lpthread -lm")
foreach(library JANSSON:jansson ZIP:zip ZLIB:z)
    string(REPLACE ":" ";" pair ${library})
    list(GET pair 0 name)
    list(GET pair 1 flag)
    if(KERATIN_HAVE_${name})
        string(APPEND KERATIN_PC_PRIVATE " -l${flag}")
    endif()
endforeach()
# The prefix follows from where the file lies, so that it is right wherever `cmake --install --prefix` puts it.
file(RELATIVE_PATH KERATIN_PC_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${PROJECT_SOURCE_DIR}/cmake/keratin.pc.in ${PROJECT_BINARY_DIR}/keratin.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/keratin.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package ${CMAKE_INSTALL_LIBDIR}/cmake/keratin)
install(EXPORT keratin NAMESPACE keratin:: FILE keratin-targets.cmake DESTINATION ${package})
configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/keratin-config.cmake.in ${PROJECT_BINARY_DIR}/keratin-config.cmake
    INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/keratin-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/keratin-config.cmake ${PROJECT_BINARY_DIR}/keratin-config-version.cmake
    DESTINATION ${package})
