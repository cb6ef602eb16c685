BeforeAll {
    . (Join-Path $PSScriptRoot 'TestSession.ps1')
}

AfterAll { Restore-TestSession }

Describe 'Export-Dag' {
    BeforeEach {
        $db = New-DatabasePath
        $dag = New-Dag site { Add-DagNode list { 1..3 }; Add-DagNode each -Map { if ($_ -eq 2) { throw 'no <two>' }; $_ } -After list }
        $run = $dag | Invoke-Dag -DatabasePath $db -ThrottleLimit 1 -ErrorAction SilentlyContinue
    }

    It 'draws <What> as <As>' -ForEach @(
        @{ What = 'dag'; As = 'Mermaid'; Begin = 'flowchart' }
        @{ What = 'dag'; As = 'Dot'; Begin = 'digraph' }
        @{ What = 'dag'; As = 'Html'; Begin = '<!DOCTYPE html>' }
        @{ What = 'run'; As = 'Mermaid'; Begin = 'flowchart' }
        @{ What = 'run'; As = 'Dot'; Begin = 'digraph' }
        @{ What = 'run'; As = 'Html'; Begin = '<!DOCTYPE html>' }
    ) {
        $text = (Get-Variable $What -ValueOnly) | Export-Dag -As $As
        $text | Should -BeOfType string
        $text | Should -BeLike "$Begin*"
        $text | Should -BeLike '*list*each*'
        if ($What -eq 'run') {
            $text | Should -BeLike '*failed*'
            $text | Should -Match 'each(\[|#91;)1' -Because 'an element has one name everywhere'
        }
    }

    It 'draws each run that Get-DagRun writes into a file of its own' {
        $null = $dag | Invoke-Dag -DatabasePath $db -ErrorAction SilentlyContinue
        $files = Get-DagRun -DatabasePath $db | Export-Dag -Path { Join-Path $TestDrive "$($_.RunId).html" }
        $files.Count | Should -Be 2
        $files | Should -Exist
        Get-Content $files[0] -Raw | Should -BeLike '*no &lt;two&gt;*'
    }

    It 'writes a file that the next command takes, as that of Get-Item' {
        $path = Join-Path $TestDrive 'run[1].html'
        $file = $run | Export-Dag -Path $path
        $file.PSPath | Should -Be (Get-Item -LiteralPath $path).PSPath
        ($run | Export-Dag -Path $path | Get-Content -Raw) | Should -BeLike '<!DOCTYPE html>*'
    }

    It 'says how a run is got, where its id is given' {
        { $run.RunId | Export-Dag -ErrorAction Stop } | Should -Throw "*Get-DagRun $($run.RunId) | Export-Dag*"
        { Export-Dag $run.RunId -ErrorAction Stop } | Should -Throw "*Get-DagRun $($run.RunId) | Export-Dag*"
    }

    It 'writes beside the location, and only when asked to' {
        Push-Location $TestDrive
        try {
            $run | Export-Dag -Path run.dot -WhatIf | Should -BeNullOrEmpty
            'run.dot' | Should -Not -Exist
            ($run | Export-Dag -Path run.dot).Name | Should -Be run.dot
            Get-Content run.dot -First 1 | Should -BeLike 'digraph*'
        } finally {
            Pop-Location
        }
    }
}
