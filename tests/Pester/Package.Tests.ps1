Describe 'The package' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestSession.ps1')
        $said = & $PwshPath @PwshArguments -NoProfile -File (Join-Path $RepositoryRoot 'build.ps1') Pack -NoBuild -OutputPath $TestDrive 2>&1 | Out-String
        $folder = Join-Path $TestDrive 'module/Lythonic.Dag'
        $manifest = Join-Path $folder 'Lythonic.Dag.psd1'
    }

    AfterAll { Restore-TestSession }

    It 'has the module folder, with license and help' {
        $manifest | Should -Exist -Because $said
        'LICENSE', 'THIRD-PARTY-NOTICES.txt', 'en-US/Lythonic.Dag.dll-Help.xml', 'en-US/about_Lythonic.Dag.help.txt', 'lib/Lythonic.Dag.Format.ps1xml', 'lib/Lythonic.Dag.Types.ps1xml' | ForEach-Object { Join-Path $folder $_ | Should -Exist }
        (Test-ModuleManifest $manifest).ExportedCmdlets.Keys | Should -Not -BeNullOrEmpty
    }

    It 'has a notice of each library that it brings, in the version that is built in' {
        $notices = Get-Content (Join-Path $folder 'THIRD-PARTY-NOTICES.txt') -Raw
        $brought = Get-ChildItem (Join-Path $folder 'lib/deps') -Filter *.dll | Where-Object Name -NotLike 'Lythonic.*'
        $brought.Count | Should -BeGreaterThan 2
        foreach ($file in $brought) { $notices | Should -BeLike "*$($file.Name)*" }
        $libraries = (Get-Content (Join-Path $folder 'lib/deps/Lythonic.Dag.Sqlite.deps.json') -Raw | ConvertFrom-Json -AsHashtable).libraries.Keys
        foreach ($name in 'Microsoft.Data.Sqlite', 'SQLitePCLRaw.core') {
            $library, $version = ($libraries -like "$name/*")[0] -split '/'
            $notices | Should -Match "(?m)^\| $([regex]::Escape(($name -split '\.core')[0])) \| $([regex]::Escape($version)) \|"
        }
    }

    It 'has the native library for <_>' -ForEach 'win-x64', 'win-arm64', 'linux-x64', 'linux-arm64', 'linux-musl-x64', 'linux-musl-arm64', 'osx-x64', 'osx-arm64' {
        $library = Get-Item (Join-Path $folder "lib/deps/runtimes/$_/native/*e_sqlite3.*")
        $library.Count | Should -Be 1
        $library.Length | Should -BeGreaterThan 500KB
    }

    It 'holds assemblies for every platform: none has code of one processor' {
        $assemblies = Get-ChildItem (Join-Path $folder 'lib') -Filter *.dll -Recurse | Where-Object FullName -NotLike '*runtimes*'
        $assemblies.Count | Should -BeGreaterThan 4
        foreach ($assembly in $assemblies) {
            $reader = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($assembly.FullName))
            $reader.PEHeaders.CorHeader.ManagedNativeHeaderDirectory.Size | Should -Be 0 -Because $assembly.Name
            $reader.Dispose()
        }
    }

    It 'imports and runs in a process of its own, from the folder alone' {
        # Elsewhere: nothing of the repository is near it.
        $elsewhere = Join-Path $TestDrive 'elsewhere'
        Copy-Item $folder $elsewhere -Recurse
        $script = Join-Path $TestDrive 'use.ps1'
        Set-Content $script @'
param($Manifest, $Database)
Import-Module $Manifest
(Get-Module Lythonic.Dag).ModuleBase
$dag = New-Dag packed { Add-DagNode a { 20 }; Add-DagNode b -After a { param($x) $x + 1 } }
$run = $dag | Invoke-Dag -DatabasePath $Database
(Get-DagRun $run.RunId -DatabasePath $Database).Outputs['b']
($run | Invoke-DagReplay -Node b).Status
(Get-Help Invoke-Dag).Synopsis
'@
        $shown = & $PwshPath @PwshArguments -NoProfile -NonInteractive -File $script (Join-Path $elsewhere 'Lythonic.Dag.psd1') (Join-Path $TestDrive 'packed.db') 2>&1 | ForEach-Object { "$_" }
        $shown | Should -Be $elsewhere, 21, completed, 'Runs a DAG and writes the run.'
    }

    Context 'for the gallery' {
        BeforeAll {
            $data = Import-PowerShellDataFile $manifest
            $package = Get-Item (Join-Path $TestDrive '*.nupkg')
            [IO.Compression.ZipFile]::ExtractToDirectory($package.FullName, (Join-Path $TestDrive 'opened'))
            $nuspec = ([xml](Get-Content (Join-Path $TestDrive 'opened/Lythonic.Dag.nuspec') -Raw)).package.metadata
        }

        It 'carries what it asks for' {
            $nuspec.id | Should -Be Lythonic.Dag
            $nuspec.version | Should -Match '^\d+\.\d+\.\d+(-[0-9A-Za-z]+)?$'
            $nuspec.version | Should -BeLike "$($data.ModuleVersion)*"
            $nuspec.description | Should -Be $data.Description
            $nuspec.license.InnerText | Should -Be MIT
            $nuspec.licenseUrl | Should -Be $data.PrivateData.PSData.LicenseUri
            $nuspec.releaseNotes | Should -Be $data.PrivateData.PSData.ReleaseNotes
            $tags = $nuspec.tags -split ' '
            'PSModule', 'PSEdition_Core' | Should -BeIn $tags
            $data.CmdletsToExport | ForEach-Object { "PSCmdlet_$_" | Should -BeIn $tags }
            $data.CompatiblePSEditions | Should -Be Core
        }

        It 'says what is lacking: a project link, where the manifest has none' {
            if ($data.PrivateData.PSData.ProjectUri) { $nuspec.projectUrl | Should -Be $data.PrivateData.PSData.ProjectUri }
            else { $said | Should -BeLike '*no project link*ProjectUri*' }
        }

        It 'holds the module folder, file by file' {
            $inFolder = Get-ChildItem $folder -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($folder, $_.FullName) -replace '\\', '/' }
            $inPackage = Get-ChildItem (Join-Path $TestDrive 'opened') -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath((Join-Path $TestDrive 'opened'), $_.FullName) -replace '\\', '/' }
            $inFolder | Should -BeIn $inPackage
        }
    }
}
