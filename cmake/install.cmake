# `cmake --install`: programs, headers, both libraries, a pkg-config file and a CMake package. Inside another project:
# the library that it links, headers, and both files.
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
set(KERATIN_KINDS ${KERATIN_KIND})
if(PROJECT_IS_TOP_LEVEL)
    set(KERATIN_KINDS static shared)
endif()
list(TRANSFORM KERATIN_KINDS PREPEND keratin- OUTPUT_VARIABLE libraries)
install(TARGETS ${libraries} EXPORT keratin
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(FILES ${PROJECT_SOURCE_DIR}/cmake/keratin.supp DESTINATION ${CMAKE_INSTALL_DATADIR}/keratin)

# What users of the static library link: modules that pkg-config knows here, else -l flags.
set(KERATIN_PC_LIBRARIES "-lpthread -lm -ldl")
set(KERATIN_PC_MODULES "")
foreach(library IN LISTS KERATIN_LINKED)
    set(module ${library})
    if(library STREQUAL "z")
        set(module zlib)
    elseif(library MATCHES "^(png|jpeg)$")
        set(module lib${library})
    endif()
    set(known 1)
    if(PKG_CONFIG_EXECUTABLE)
        execute_process(COMMAND ${PKG_CONFIG_EXECUTABLE} --exists ${module} RESULT_VARIABLE known)
    endif()
    if(known EQUAL 0)
        list(APPEND KERATIN_PC_MODULES ${module})
    else()
        string(APPEND KERATIN_PC_LIBRARIES " -l${library}")
    endif()
endforeach()
list(JOIN KERATIN_PC_MODULES ", " KERATIN_PC_MODULES)
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
